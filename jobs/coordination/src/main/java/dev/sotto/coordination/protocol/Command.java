package dev.sotto.coordination.protocol;

import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** A message from one function to another, or from a function to itself after a while. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "command")
public sealed interface Command permits SiteCommand, BlockCommand, RoundCommand, TranscriptCommand, LedgerCommand {}
