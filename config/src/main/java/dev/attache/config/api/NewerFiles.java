package dev.attache.config.api;

import com.github.xds.type.matcher.v3.MatcherProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.ExtensionRegistry;
import com.google.protobuf.TextFormat;
import com.google.protobuf.WrappersProto;
import com.linecorp.armeria.internal.shaded.xds.pgv.validate.Validate;
import io.envoyproxy.envoy.config.core.v3.SubstitutionFormatStringProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** API files of the message classes, each with what {@code newer-api.pb_text} adds to it. */
final class NewerFiles {
    private static final String ADDITIONS = "newer-api.pb_text";

    /** Loaded on first use. */
    private static final class Loaded {
        static final Map<String, FileDescriptorProto> ADDED = new HashMap<>();

        static {
            for (FileDescriptorProto file : read().getFileList()) {
                ADDED.put(file.getName(), file);
            }
        }

        private static FileDescriptorSet read() {
            ExtensionRegistry registry = ExtensionRegistry.newInstance();
            Validate.registerAllExtensions(registry);
            FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
            try (InputStream in = NewerFiles.class.getResourceAsStream(ADDITIONS)) {
                byte[] bytes = Objects.requireNonNull(in, ADDITIONS).readAllBytes();
                TextFormat.merge(new String(bytes, StandardCharsets.UTF_8), registry, set);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return set.build();
        }
    }

    private static final Map<String, Optional<FileDescriptor>> FILES = new ConcurrentHashMap<>();

    /** Full names of the fields and values that were added to types of the classes. */
    private static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

    private NewerFiles() {}

    /** The type with what was added to its file, or null where nothing was. */
    static @Nullable Descriptor message(Descriptor type) {
        Descriptor holder = type.getContainingType();
        if (holder != null) {
            Descriptor newer = message(holder);
            return newer == null ? null : newer.findNestedTypeByName(type.getName());
        }
        FileDescriptor file = file(type.getFile());
        return file == null ? null : file.findMessageTypeByName(type.getName());
    }

    static @Nullable EnumDescriptor enumeration(EnumDescriptor type) {
        Descriptor holder = type.getContainingType();
        if (holder != null) {
            Descriptor newer = message(holder);
            return newer == null ? null : newer.findEnumTypeByName(type.getName());
        }
        FileDescriptor file = file(type.getFile());
        return file == null ? null : file.findEnumTypeByName(type.getName());
    }

    /** The added type of that full name, or null where there is none that an Any may hold. */
    static @Nullable Descriptor added(String fullName) {
        for (FileDescriptorProto addition : Loaded.ADDED.values()) {
            String prefix = addition.getPackage() + ".";
            if (addition.hasPackage() && fullName.startsWith(prefix)) {
                FileDescriptor file = file(old(addition));
                return file == null ? null : nested(file, fullName.substring(prefix.length()));
            }
        }
        return null;
    }

    private static @Nullable Descriptor nested(FileDescriptor file, String name) {
        String[] parts = name.split("\\.");
        Descriptor type = file.findMessageTypeByName(parts[0]);
        for (int i = 1; type != null && i < parts.length; i++) {
            type = type.findNestedTypeByName(parts[i]);
        }
        return type;
    }

    /** The file of the classes to which {@code addition} adds. */
    private static FileDescriptor old(FileDescriptorProto addition) {
        String holder =
                addition.getOptions().getJavaPackage()
                        + "."
                        + addition.getOptions().getJavaOuterClassname();
        try {
            return (FileDescriptor) Class.forName(holder).getMethod("getDescriptor").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(ADDITIONS + ": " + addition.getName(), e);
        }
    }

    /** Whether a field or an enum value was added to a type of the classes. */
    static boolean isAdded(String fullName) {
        return NAMES.contains(fullName);
    }

    private static @Nullable FileDescriptor file(FileDescriptor old) {
        return FILES.computeIfAbsent(old.getName(), name -> join(old)).orElse(null);
    }

    private static Optional<FileDescriptor> join(FileDescriptor old) {
        FileDescriptorProto added = Loaded.ADDED.get(old.getName());
        if (added == null) {
            return Optional.empty();
        }
        FileDescriptorProto.Builder joined = old.toProto().toBuilder();
        for (DescriptorProto message : added.getMessageTypeList()) {
            addMessage(old.getPackage(), message, joined);
        }
        for (EnumDescriptorProto more : added.getEnumTypeList()) {
            addEnum(old.getPackage(), more, joined.getEnumTypeBuilderList(), joined::addEnumType);
        }
        joined.addAllDependency(added.getDependencyList());
        try {
            return Optional.of(FileDescriptor.buildFrom(joined.build(), dependencies(old, joined)));
        } catch (DescriptorValidationException e) {
            throw new IllegalStateException(ADDITIONS + ": " + e.getMessage(), e);
        }
    }

    private static void addMessage(
            String scope, DescriptorProto added, FileDescriptorProto.Builder file) {
        for (DescriptorProto.Builder old : file.getMessageTypeBuilderList()) {
            if (old.getName().equals(added.getName())) {
                extend(scope, added, old);
                return;
            }
        }
        file.addMessageType(added);
    }

    /** Adds fields, nested types and enum values to a type that is there. */
    private static void extend(String scope, DescriptorProto added, DescriptorProto.Builder old) {
        String name = scope + "." + old.getName();
        for (FieldDescriptorProto field : added.getFieldList()) {
            addField(name, field, old);
        }
        for (EnumDescriptorProto more : added.getEnumTypeList()) {
            addEnum(name, more, old.getEnumTypeBuilderList(), old::addEnumType);
        }
        for (DescriptorProto nested : added.getNestedTypeList()) {
            DescriptorProto.Builder known =
                    old.getNestedTypeBuilderList().stream()
                            .filter(type -> type.getName().equals(nested.getName()))
                            .findFirst()
                            .orElse(null);
            if (known == null) {
                old.addNestedType(nested);
            } else {
                extend(name, nested, known);
            }
        }
    }

    /** A field that is there already has other constraints now. */
    private static void addField(
            String type, FieldDescriptorProto field, DescriptorProto.Builder old) {
        for (int i = 0; i < old.getFieldCount(); i++) {
            if (old.getField(i).getName().equals(field.getName())) {
                old.setField(i, field);
                return;
            }
        }
        old.addField(field);
        NAMES.add(type + "." + field.getName());
    }

    private static void addEnum(
            String scope,
            EnumDescriptorProto added,
            List<EnumDescriptorProto.Builder> known,
            Consumer<EnumDescriptorProto> otherwise) {
        for (EnumDescriptorProto.Builder old : known) {
            if (old.getName().equals(added.getName())) {
                old.addAllValue(added.getValueList());
                added.getValueList().forEach(v -> NAMES.add(scope + "." + v.getName()));
                return;
            }
        }
        otherwise.accept(added);
    }

    /** Those of the file, and those added, which the file must reach by others; or wrappers. */
    private static FileDescriptor[] dependencies(
            FileDescriptor old, FileDescriptorProto.Builder joined) {
        Map<String, FileDescriptor> reached = new HashMap<>();
        for (FileDescriptor known :
                List.of(
                        WrappersProto.getDescriptor(),
                        SubstitutionFormatStringProto.getDescriptor(),
                        MatcherProto.getDescriptor())) {
            reached.put(known.getName(), known);
        }
        Deque<FileDescriptor> left = new ArrayDeque<>(old.getDependencies());
        while (!left.isEmpty()) {
            FileDescriptor next = left.pop();
            if (reached.putIfAbsent(next.getName(), next) == null) {
                left.addAll(next.getDependencies());
            }
        }
        return joined.getDependencyList().stream()
                .map(name ->
                        Objects.requireNonNull(
                                reached.get(name), () -> ADDITIONS + ": cannot reach " + name))
                .toArray(FileDescriptor[]::new);
    }
}
