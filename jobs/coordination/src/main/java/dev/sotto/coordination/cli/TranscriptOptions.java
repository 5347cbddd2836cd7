package dev.sotto.coordination.cli;

import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.SiteId;
import dev.sotto.secagg.TaskId;

/** Options of the transcript commands that stand for typed values. Stateless. */
final class TranscriptOptions {
    private TranscriptOptions() {}

    /** @throws ConfigurationException if it is no task's id */
    static TaskId task(String text) {
        try {
            return new TaskId(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--task-id: " + e.getMessage(), e);
        }
    }

    /** @throws ConfigurationException if it is no site's id */
    static SiteId site(String text) {
        try {
            return new SiteId(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException("--site: " + e.getMessage(), e);
        }
    }
}
