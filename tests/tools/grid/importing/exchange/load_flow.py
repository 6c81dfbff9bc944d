"""An independent opinion on imported grids: pypowsybl's own AC load flow of the network that it read."""

import numpy as np
import pandapower as pp
import pypowsybl as pw
from pypowsybl.loadflow import ComponentStatus, Parameters

# regulation stays out of it: what a file regulates stands where it is after the import, and the notes say so
_PLAIN = {
    "distributed_slack": False,
    "use_reactive_limits": False,
    "transformer_voltage_control_on": False,
    "shunt_compensator_voltage_control_on": False,
    "phase_shifter_regulation_on": False,
    "voltage_init_mode": pw.loadflow.VoltageInitMode.DC_VALUES,
}


def reference_voltages(network, slack_bus):
    """Complex per-unit voltage at each bus, angle zero at the slack's, by bus name."""
    buses = network.get_bus_breaker_view_buses(all_attributes=True)
    slack = buses["bus_id"].iloc[slack_bus]
    provider = {
        "slackBusSelectionMode": "NAME",
        "slackBusesIds": slack,
        "newtonRaphsonConvEpsPerEq": "1e-10",
        "voltageRemoteControl": "false",
    }
    found = pw.loadflow.run_ac(network, Parameters(**_PLAIN, provider_parameters=provider))
    assert found[0].status == ComponentStatus.CONVERGED
    buses = network.get_bus_breaker_view_buses(all_attributes=True)
    nominal = buses["voltage_level_id"].map(network.get_voltage_levels()["nominal_v"]).to_numpy()
    angle = np.radians(buses["v_angle"].to_numpy())
    voltage = buses["v_mag"].to_numpy() / nominal * np.exp(1j * angle)
    return voltage, buses["synchronous_component"].to_numpy()


def largest_difference_pu(net, network):
    """Solve the imported net by plain pandapower, and say how far its voltages are from pypowsybl's."""
    pp.runpp(net, init="dc", tolerance_mva=1e-8, max_iteration=30, lightsim2grid=False)
    slack = int(net.gen["bus"][net.gen["slack"]].iloc[0])
    expected, area = reference_voltages(network, slack)
    count = len(expected)
    solved = net.res_bus["vm_pu"].to_numpy()[:count] * np.exp(
        1j * np.radians(net.res_bus["va_degree"].to_numpy()[:count])
    )
    assert not np.isnan(expected).any()
    differences = []
    for number in set(area):
        own = np.flatnonzero(area == number)
        first = slack if slack in own else own[0]
        turned = [values[own] * np.exp(-1j * np.angle(values[first])) for values in (solved, expected)]
        differences.append(np.abs(turned[0] - turned[1]).max())
    return max(differences)
