/**
 * The whole protocol in one process: real sites, coordination and aggregation on an in-memory log, driven by one seed
 * through crashes, delays, repeats and lies, and held against named invariants.
 */
@org.jspecify.annotations.NullMarked
package dev.sotto.simulation;
