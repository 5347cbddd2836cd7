package dev.sotto.scoring;

import dev.sotto.contracts.TopicSpec;
import dev.sotto.contracts.Topics;

/** Where text comes from: a topic, the field of its messages that keys a record, and the channel's name in outputs. */
public enum Channel {
    CHAT("chat", Topics.CHAT, "conversation"),
    FINANCE("finance", Topics.FINANCE, "source");

    private final String id;
    private final TopicSpec topic;
    private final String keyField;

    Channel(String id, TopicSpec topic, String keyField) {
        this.id = id;
        this.topic = topic;
        this.keyField = keyField;
    }

    /**
     * The channel of a topic.
     *
     * @throws IllegalArgumentException if no channel has it
     */
    public static Channel ofTopic(String topic) {
        for (Channel channel : values()) {
            if (channel.topic.name().equals(topic)) {
                return channel;
            }
        }
        throw new IllegalArgumentException("no channel reads topic '%s'".formatted(topic));
    }

    /** The name in outputs, operator names and alerts. */
    public String id() {
        return id;
    }

    /** The topic of the raw text. */
    public TopicSpec topic() {
        return topic;
    }

    /** The field of a message that says which conversation or source it belongs to. */
    public String keyField() {
        return keyField;
    }
}
