/** Coordination as a service: its configuration, and the process that hosts its functions and ticks the watermark. */
@NullMarked
package dev.sotto.coordination;

import org.jspecify.annotations.NullMarked;
