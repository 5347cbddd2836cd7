package dev.sotto.coordination.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.contracts.audit.SealInclusion;
import dev.sotto.federation.ConfigurationException;
import dev.sotto.secagg.SealProof;
import dev.sotto.secagg.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A proof of inclusion as JSON: hashes in hexadecimal, signed records in base64. Stateless. */
final class TranscriptProof {
    private static final String FORMAT = "sotto-seal-proof/1";
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private TranscriptProof() {}

    static String write(SealInclusion inclusion) {
        SealProof proof = inclusion.proof();
        ObjectNode root = MAPPER.createObjectNode()
                .put("format", FORMAT)
                .put("site", proof.site().value())
                .put("index", proof.index())
                .put("leaves", proof.leaves());
        ArrayNode siblings = root.putArray("siblings");
        proof.siblings().forEach(hash -> siblings.add(HexFormat.of().formatHex(hash)));
        root.put("seal", inclusion.seal()).put("bundle", inclusion.bundle());
        try {
            return MAPPER.writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values can be written", e);
        }
    }

    /**
     * Reads a proof, which is yet to be verified.
     *
     * @throws ConfigurationException if it is none
     */
    static SealInclusion read(Path file) {
        try {
            JsonNode root = MAPPER.readTree(Files.readAllBytes(file));
            if (!FORMAT.equals(root.path("format").asText())) {
                throw new ConfigurationException("%s is no proof in format %s".formatted(file, FORMAT));
            }
            List<byte[]> siblings = new ArrayList<>();
            for (JsonNode sibling : root.path("siblings")) {
                siblings.add(HexFormat.of().parseHex(sibling.asText()));
            }
            SealProof proof = new SealProof(
                    new SiteId(root.path("site").asText()),
                    root.path("index").asInt(-1),
                    root.path("leaves").asInt(),
                    siblings);
            return new SealInclusion(bytes(root, "seal"), bytes(root, "bundle"), proof);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigurationException("cannot read a proof from " + file + ": " + e.getMessage(), e);
        }
    }

    private static byte[] bytes(JsonNode root, String field) throws IOException {
        byte[] value = root.path(field).binaryValue();
        if (value == null) {
            throw new IOException("it has no '" + field + "'");
        }
        return value;
    }
}
