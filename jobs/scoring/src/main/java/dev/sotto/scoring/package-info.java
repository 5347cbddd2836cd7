/** The scoring job: anonymizes text, scores it with the newest federated model and raises alerts that explain themselves. */
@NullMarked
package dev.sotto.scoring;

import org.jspecify.annotations.NullMarked;
