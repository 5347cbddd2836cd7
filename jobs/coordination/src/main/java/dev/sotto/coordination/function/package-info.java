/** The Stateful Functions: thin shells that fetch a state, let {@code protocol} decide, keep the state and do the effects. */
@NullMarked
package dev.sotto.coordination.function;

import org.jspecify.annotations.NullMarked;
