package dev.sotto.simulation.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** From one subtask into an input of another; keeps its order. Not thread-safe. */
final class Channel {
    private final Subtask to;
    private final int input;
    private final int place;
    private final Deque<Object> queue = new ArrayDeque<>();

    /**
     * A channel.
     *
     * @param input which of the reader's inputs
     * @param place which of the channels that flow together there
     */
    Channel(Subtask to, int input, int place) {
        this.to = to;
        this.input = input;
        this.place = place;
    }

    Subtask to() {
        return to;
    }

    int input() {
        return input;
    }

    int place() {
        return place;
    }

    /** Adds an element; the channel is among the waiting ones as long as it has any. */
    void put(Object element, List<Channel> waiting) {
        if (queue.isEmpty()) {
            waiting.add(this);
        }
        queue.add(element);
    }

    /** Hands the first element to the reader. */
    void deliver(List<Channel> waiting) throws Exception {
        Object element = queue.remove();
        if (queue.isEmpty()) {
            waiting.remove(this);
        }
        to.accept(this, element);
    }
}
