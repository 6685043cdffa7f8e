"""Faults of jobs: of who asks for one, and why one could not be done."""

from __future__ import annotations

from collections.abc import Mapping

from fee_service.wording.sentence import FaultWording

FAULTS: Mapping[str, FaultWording] = {
    # -- jobs --
    "job_not_found": FaultWording(
        "No such job",
        "없는 작업입니다: {value}.",
        "There is no job {value}.",
        "작업을 맡길 때 받은 Location 헤더의 id를 확인해 주세요. 끝난 작업은 며칠 뒤 지워집니다.",
        "Check the id in the Location header that was answered; jobs are removed some days after they are over.",
    ),
    "job_not_done": FaultWording(
        "Job not done",
        "작업의 결과가 없습니다. 현재 상태: {state}.",
        "The job has no result; it is {state}.",
        "GET /v1/jobs/{{id}}의 status가 done이 된 뒤에 받아 주세요. 실패한 작업은 errors에 이유가 있습니다.",
        "Fetch it when the status of GET /v1/jobs/{{id}} is done; where it has failed, its errors say why.",
    ),
    "job_without_result": FaultWording(
        "Job without a file",
        "작업 {value}에는 내려받을 파일이 없습니다.",
        "The job {value} has no file to fetch.",
        "GET /v1/jobs/{{id}}의 summary를 보아 주세요.",
        "See the summary of GET /v1/jobs/{{id}}.",
    ),
    "job_over": FaultWording(
        "Job over already",
        "이미 끝난 작업은 취소할 수 없습니다. 현재 상태: {state}.",
        "The job is over and cannot be cancelled; it is {state}.",
        "더 하실 일은 없습니다. 끝난 작업은 며칠 뒤 지워집니다.",
        "Nothing is left to do: jobs are removed some days after they are over.",
    ),
    "job_given_up": FaultWording(
        "Job given up",
        "{tries}번 시도했지만 작업을 마치지 못했습니다.",
        "The job was tried {tries} times and could not be done.",
        "작업의 id와 함께 운영자에게 알려 주세요. 입력을 나누어 다시 맡겨 볼 수 있습니다.",
        "Tell the operators the id of the job; its input may be split and sent again.",
    ),
    "too_many_jobs": FaultWording(
        "Too many jobs waiting",
        "이 키의 끝나지 않은 작업이 이미 {maximum}개 있습니다.",
        "{maximum} jobs of this key are not over yet.",
        "기다리는 작업이 끝나거나 취소된 뒤에 다시 맡겨 주세요.",
        "Try again when some of them are done or cancelled.",
    ),
}
