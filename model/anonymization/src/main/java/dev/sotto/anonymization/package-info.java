/**
 * Finds personal data in English and Chinese text and replaces it: normalize, recognize, weigh context, resolve
 * conflicts, operate. Every stage is linear in the text, and no result ever carries a raw value.
 */
@NullMarked
package dev.sotto.anonymization;

import org.jspecify.annotations.NullMarked;
