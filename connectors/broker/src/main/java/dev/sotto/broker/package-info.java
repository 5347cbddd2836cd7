/** A real Kafka broker inside the JVM, for the quickstart and for tests. */
@NullMarked
package dev.sotto.broker;

import org.jspecify.annotations.NullMarked;
