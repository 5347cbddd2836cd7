/** A whole federation in one process: real training, encoding, noise and server steps; no network, no masks, no Kafka. */
@org.jspecify.annotations.NullMarked
package dev.sotto.site.simulation;
