/** The edges of a Flink job: Kafka as raw records, dead letters, the model store on Flink's file systems, options. */
@NullMarked
package dev.sotto.connect.flink;

import org.jspecify.annotations.NullMarked;
