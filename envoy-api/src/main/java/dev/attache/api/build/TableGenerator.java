package dev.attache.api.build;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.attache.api.DescriptorTypes;
import dev.attache.api.TableWriter;
import io.envoyproxy.envoy.api.v2.DiscoveryRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Writes the table of Envoy's API: {@code TableGenerator <file to write> <folder of additions>
 * <folder of support>}.
 */
public final class TableGenerator {
    /** Packages whose messages only describe other files, and stand in no configuration. */
    private static final List<String> DESCRIBING =
            List.of("validate", "envoy.annotations", "udpa.annotations", "xds.annotations.v3");

    /** Of the API that nobody speaks any more: stands in the whole jar and nowhere else. */
    static final Class<?> NOT_TAKEN = DiscoveryRequest.class;

    private TableGenerator() {}

    /**
     * @throws IOException if a file cannot be read or written
     */
    public static void main(String[] arguments) throws IOException {
        Path target = Path.of(arguments[0]);
        ApiFiles files = new ApiFiles(ApiClasses.files(NOT_TAKEN).values());
        files.add(DescriptionReader.read(Path.of(arguments[1])));
        DescriptorTypes types = new DescriptorTypes(name -> null);
        TableWriter writer = new TableWriter(files.added()::contains);
        for (FileDescriptor file : files.build()) {
            if (isConfiguration(file)) {
                file.getEnumTypes().forEach(type -> writer.add(types.enumeration(type)));
                file.getMessageTypes().forEach(type -> add(type, types, writer));
            }
        }
        SupportText.read(Path.of(arguments[2]), writer);
        replace(target, writer.write());
    }

    /**
     * Leaves a file alone that is as it should be: Maven compiles again whatever is behind a new
     * one.
     */
    private static void replace(Path file, byte[] bytes) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, bytes);
        }
    }

    /** Whether messages of the file may stand in a configuration. */
    static boolean isConfiguration(FileDescriptor file) {
        return !DESCRIBING.contains(file.getPackage())
                && !file.getName().equals("google/protobuf/descriptor.proto");
    }

    private static void add(Descriptor message, DescriptorTypes types, TableWriter writer) {
        writer.add(types.message(message));
        message.getEnumTypes().forEach(type -> writer.add(types.enumeration(type)));
        message.getNestedTypes().forEach(nested -> add(nested, types, writer));
    }
}
