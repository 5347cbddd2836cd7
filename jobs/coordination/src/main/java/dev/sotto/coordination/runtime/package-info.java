/** What surrounds the functions: their HTTP server, the ticker, the runtime's configuration and its process. */
@NullMarked
package dev.sotto.coordination.runtime;

import org.jspecify.annotations.NullMarked;
