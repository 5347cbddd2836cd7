package dev.sotto.coordination.protocol;

/**
 * Whether a site takes part in the rounds to come, as it last said.
 *
 * @param sequence the newest transcript record it had read when it said so
 * @param willing whether it does
 */
public record Intention(long sequence, boolean willing) {}
