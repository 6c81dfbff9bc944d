"""From evidence to words: findings, answers, advice and sections, every number a reference."""
