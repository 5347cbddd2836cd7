/** A real Kafka broker inside the JVM or in one of its own, for the quickstart and for tests. */
@NullMarked
package dev.sotto.broker;

import org.jspecify.annotations.NullMarked;
