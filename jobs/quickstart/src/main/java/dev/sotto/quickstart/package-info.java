/** The root command and the quickstart: the whole pipeline on one machine, with real parts. */
@NullMarked
package dev.sotto.quickstart;

import org.jspecify.annotations.NullMarked;
