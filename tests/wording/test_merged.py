"""Each code is defined once, wherever it comes from."""

import pytest

from fee_service.wording import PARTS, SENTENCES
from fee_service.wording.faults import FAULTS, ORIGINS
from fee_service.wording.sentence import Sentence, merged


def test_two_definitions_of_one_code_stop_the_start() -> None:
    """The error names the code; the second definition does not win in silence."""
    said = {"no_such": Sentence("없음", "none"), "free": Sentence("무료", "free")}
    with pytest.raises(RuntimeError, match="defined twice: free"):
        merged(said, {"free": Sentence("무상", "free of charge")})


def test_all_that_is_said_is_that_of_its_parts() -> None:
    """Nothing is lost where modules are put together, and their order stays."""
    assert list(FAULTS) == [code for origin in ORIGINS for code in origin.FAULTS]
    assert {code: said for part in PARTS for code, said in part.items()} == SENTENCES
