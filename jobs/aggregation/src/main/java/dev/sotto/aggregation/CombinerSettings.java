package dev.sotto.aggregation;

import dev.sotto.connect.flink.FeedOpener;
import dev.sotto.federation.TaskDefinition;
import dev.sotto.federation.Trust;
import java.io.Serializable;

/**
 * What combiners are given with the job graph.
 *
 * @param task the task
 * @param trust whose chunks are read
 * @param updates the topic of chunks
 * @param timing how long chunks wait, and a silent partition holds event time back
 */
record CombinerSettings(Carried<TaskDefinition> task, Carried<Trust> trust, FeedOpener updates, WindowTiming timing)
        implements Serializable {}
