/**
 * A Flink job's own operators in one thread: its topology is read off the environment, each operator runs in Flink's test
 * harness, and what lies between two of them waits in queues whose turn a seed decides.
 */
@org.jspecify.annotations.NullMarked
package dev.sotto.simulation.stream;
