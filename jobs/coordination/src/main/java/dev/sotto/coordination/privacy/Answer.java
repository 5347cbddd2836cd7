package dev.sotto.coordination.privacy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;

/**
 * The answer to one question: a number and the whole statement that it belongs to.
 *
 * @param name what was asked for
 * @param price the answer
 * @param noiseMultiplier the noise of the statement
 */
record Answer(String name, Price price, double noiseMultiplier, PrivacyStatement statement) {
    /** Prints it, as a line for people and the statement below, or as one JSON object. */
    void print(PrintWriter out, ReleaseOptions release) {
        if (release.json) {
            ObjectNode node = Json.object()
                    .put("asked", name)
                    .put("answer", price.value())
                    .put("accountant", price.accountant().toString());
            statement.into(node);
            node.put("noiseMultiplier", noiseMultiplier)
                    .put("samplingRate", release.samplingRate)
                    .put("steps", release.steps);
            out.println(Json.text(node));
        } else {
            out.println("%s %s   accountant %s".formatted(name, Figures.atMost(price.value()), price.by()));
            out.println(statement.sentence());
        }
        out.flush();
    }
}
