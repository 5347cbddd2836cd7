/** The commands that plan, price, show and audit privacy, to be hung below the root command. */
@NullMarked
package dev.sotto.coordination.privacy;

import org.jspecify.annotations.NullMarked;
