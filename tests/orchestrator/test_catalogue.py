"""Every entry of the catalogue resolves, and the declarations name nothing else."""

import subprocess
import sys
from inspect import signature

import pytest

from agents.coordinator import COORDINATOR
from agents.grid_monitor import GRID_MONITOR
from orchestrator.catalogue import CATALOGUE, find_tool
from orchestrator.prompting import PromptError, load_prompt
from tools.errors import UnknownToolError


@pytest.mark.parametrize("spec", CATALOGUE, ids=lambda spec: spec.name)
def test_catalogue__every_entry_resolves_to_its_function(spec):
    assert [*signature(spec.load()).parameters] == ["ctx", "args"]
    assert spec.load().__name__ == spec.name


def test_catalogue__importing_it_loads_no_engine():
    code = "import sys, orchestrator.catalogue; print({'pandapower', 'numpy', 'torch', 'crewai'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize("spec", [GRID_MONITOR, COORDINATOR], ids=lambda spec: spec.name)
def test_agents__name_tools_and_prompts_that_exist(spec):
    assert all(find_tool(name) for name in spec.tools)
    assert "$question" in load_prompt(spec.prompt).text


def test_find_tool__unknown_name_says_the_nearest():
    with pytest.raises(UnknownToolError, match="check_limits"):
        find_tool("check_limit")


def test_prompt__a_missing_file_or_value_is_an_error():
    with pytest.raises(PromptError, match="nosuch"):
        load_prompt("nosuch")
    with pytest.raises(PromptError, match="understood"):
        load_prompt("grid_monitor.v1").fill(question="x")
