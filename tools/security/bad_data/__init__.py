"""``assess_bad_data``: whether readings that do not fit are falsified, replayed, faulty, or the truth."""
