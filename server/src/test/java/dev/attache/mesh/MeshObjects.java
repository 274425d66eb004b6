package dev.attache.mesh;

import dev.attache.conformance.Peers;
import dev.attache.conformance.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The objects of the mesh in the test resources: files of YAML documents with placeholders. */
final class MeshObjects {
    private final UnaryOperator<String> placeholders;

    /**
     * @param placeholders what stands for {@code ${name}}
     */
    MeshObjects(UnaryOperator<String> placeholders) {
        this.placeholders = placeholders;
    }

    private static Path folder() {
        return Peers.root().resolve("server/src/test/resources/mesh");
    }

    /**
     * The files of a folder by their names without ending, in order; none where it is not there.
     */
    static List<String> names(String folder) throws IOException {
        Path directory = folder().resolve(folder);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".yaml"))
                    .map(name -> folder + "/" + name.substring(0, name.length() - 5))
                    .sorted()
                    .toList();
        }
    }

    /** The documents of one file. */
    List<Map<String, Object>> read(String name) throws IOException {
        return read(folder().resolve(name + ".yaml"));
    }

    /** The documents of a file from elsewhere, its placeholders replaced. */
    List<Map<String, Object>> read(Path file) throws IOException {
        List<Map<String, Object>> objects = new ArrayList<>();
        String text = Tree.replaceText(Files.readString(file), placeholders);
        Tree.documents(text).forEach(document -> objects.add(Tree.map(document)));
        return objects;
    }
}
