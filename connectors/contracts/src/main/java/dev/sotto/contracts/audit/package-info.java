/**
 * The auditor's side of the transcript: checks a task's whole history, record by record, and believes nobody but a trust
 * file. Pure logic; where the records come from and how a report looks is for the caller.
 */
@NullMarked
package dev.sotto.contracts.audit;

import org.jspecify.annotations.NullMarked;
