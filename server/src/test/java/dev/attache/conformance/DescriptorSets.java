package dev.attache.conformance;

import com.google.api.AnnotationsProto;
import com.google.api.HttpBodyProto;
import com.google.protobuf.AnyProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DurationProto;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.FieldMaskProto;
import com.google.protobuf.StructProto;
import com.google.protobuf.TextFormat;
import com.google.protobuf.TimestampProto;
import com.google.protobuf.WrappersProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Descriptor sets for cases, from text: {@code conformance/descriptors/NAME.txtpb}, with the files
 * that it may import in front.
 */
final class DescriptorSets {
    private static final List<FileDescriptor> IMPORTS =
            List.of(
                    AnnotationsProto.getDescriptor(),
                    HttpBodyProto.getDescriptor(),
                    AnyProto.getDescriptor(),
                    DurationProto.getDescriptor(),
                    FieldMaskProto.getDescriptor(),
                    StructProto.getDescriptor(),
                    TimestampProto.getDescriptor(),
                    WrappersProto.getDescriptor());

    private DescriptorSets() {}

    /** The binary set of that name, written into a folder. */
    static Path file(String name, Path directory) {
        Path file = directory.resolve(name + ".pb");
        try {
            Files.write(file, set(name).toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private static FileDescriptorSet set(String name) throws IOException {
        String resource = "/conformance/descriptors/" + name + ".txtpb";
        try (InputStream in = DescriptorSets.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("no resource " + resource);
            }
            ExtensionRegistry extensions = ExtensionRegistry.newInstance();
            extensions.add(AnnotationsProto.http);
            Map<String, FileDescriptor> files = new LinkedHashMap<>();
            IMPORTS.forEach(each -> add(each, files));
            FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
            files.values().forEach(each -> set.addFile(each.toProto()));
            TextFormat.merge(
                    new String(in.readAllBytes(), StandardCharsets.UTF_8), extensions, set);
            return set.build();
        }
    }

    private static void add(FileDescriptor file, Map<String, FileDescriptor> files) {
        file.getDependencies().forEach(each -> add(each, files));
        files.put(file.getName(), file);
    }
}
