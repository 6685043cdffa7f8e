"""Jobs as they are answered."""

from __future__ import annotations

from marshmallow import Schema

from fee_service.job_state import SHOWN
from schemas import kinds as a
from schemas.problem import FaultSchema


class ProgressSchema(Schema):
    """How far a job is."""

    done = a.number("Chunks that are made.")
    total = a.number("Chunks that there will be; null while nobody knows.", nullable=True)


class JobSchema(Schema):
    """Work that is done beside the answering of requests. Ask again every few seconds."""

    id = a.text()
    kind = a.text("What is done.")
    status = a.word(*SHOWN)
    progress = a.one(ProgressSchema)
    created_at = a.text("In Korea.")
    finished_at = a.text("In Korea.", nullable=True)
    summary = a.anything("What was done, by kind; null until it is done.")
    result = a.text("Where the file is that it has made; null until it is done, or where it makes none.", nullable=True)
    errors = a.many(FaultSchema, "Why it could not be done.")
    more_errors = a.number("How many more there are than are told.")
