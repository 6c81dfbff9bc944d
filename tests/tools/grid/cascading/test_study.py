"""The order in which initiating sets are told."""

from tools.grid.cascading.course import Course
from tools.grid.cascading.study import ranked
from tools.grid.schema.cascade import TripMechanism


def course(lost_mw, tripped, pickup_percent):
    return Course(
        lost_mw={TripMechanism.NO_SOURCE: lost_mw}, tripped_branches=tripped, worst_pickup_percent=pickup_percent
    )


def test_ranked__load_lost_then_trips_then_nearness_then_what_is_slight():
    courses = [
        course(0.0, 0, 90.0),
        course(4.0, 0, 60.0),  # a radial load of 0.4 %
        course(0.0, 0, 99.0),
        course(3.0, 1, 120.0),
        course(10.0, 0, 50.0),  # 1 %
        course(200.0, 9, 140.0),
        course(0.0, 0, 60.0),
    ]
    assert ranked(courses, load_mw=1000.0) == [5, 4, 3, 2, 0, 1, 6]


def test_ranked__equal_sets_keep_their_order_whatever_rounding_adds():
    courses = [course(50.0, 0, 50.0), course(50.0 + 1e-9, 0, 50.0)]
    assert ranked(courses, load_mw=1000.0) == [0, 1]
