/** What a participant runs: its configuration and data, its durable state, the protocol's site side, and the command line. */
@NullMarked
package dev.sotto.site;

import org.jspecify.annotations.NullMarked;
