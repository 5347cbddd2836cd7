package dev.sotto.scoring;

/**
 * What surges are looked for in.
 *
 * @param channel the channel
 * @param subject the subject, anonymized
 */
record SurgeKey(Channel channel, String subject) {
    private static final char SEPARATOR = '|';

    static SurgeKey of(ScoredMessage scored) {
        return new SurgeKey(scored.message().channel(), scored.message().subject());
    }

    static SurgeKey parse(String key) {
        int at = key.indexOf(SEPARATOR);
        return new SurgeKey(Channel.valueOf(key.substring(0, at)), key.substring(at + 1));
    }

    /** The state's key; its form never changes. */
    @Override
    public String toString() {
        return channel.name() + SEPARATOR + subject;
    }
}
