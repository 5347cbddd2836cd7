/** The commands of coordination, to be hung below the root command. */
@NullMarked
package dev.sotto.coordination.cli;

import org.jspecify.annotations.NullMarked;
