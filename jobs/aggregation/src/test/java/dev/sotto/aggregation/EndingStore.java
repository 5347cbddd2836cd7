package dev.sotto.aggregation;

import dev.sotto.federation.Checkpoint;
import dev.sotto.federation.ModelStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The job's model store; the process may end before, in and after it stores a model. */
final class EndingStore implements ModelStore {
    private final ModelStore models;
    private final Path root;

    EndingStore(ModelStore models, Path root) {
        this.models = models;
        this.root = root;
    }

    @Override
    public URI put(Checkpoint checkpoint) throws IOException {
        int round = checkpoint.manifest().round();
        SuddenEnd.at(ReleaseStep.BEFORE_STORING, round);
        if (SuddenEnd.due(ReleaseStep.HALF_STORED, round)) {
            storeHalf(checkpoint);
            SuddenEnd.at(ReleaseStep.HALF_STORED, round);
        }
        URI location = models.put(checkpoint);
        SuddenEnd.at(ReleaseStep.STORED, round);
        return location;
    }

    /** What the store leaves behind if it ends while it writes the manifest. */
    private void storeHalf(Checkpoint checkpoint) throws IOException {
        Path directory = root;
        for (String segment : checkpoint.path()) {
            directory = directory.resolve(segment);
        }
        Files.createDirectories(directory);
        Files.write(directory.resolve(Checkpoint.WEIGHTS), checkpoint.weightsFile());
        byte[] manifest = checkpoint.manifestFile();
        Files.write(directory.resolve(Checkpoint.MANIFEST + ".tmp"), Arrays.copyOf(manifest, manifest.length / 2));
    }

    @Override
    public Checkpoint get(URI location, byte[] sha256) throws IOException {
        return models.get(location, sha256);
    }
}
