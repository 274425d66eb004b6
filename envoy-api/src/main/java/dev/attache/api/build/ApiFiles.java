package dev.attache.api.build;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The API files of the message classes with what the description adds to them. */
final class ApiFiles {
    private final Map<String, FileDescriptorProto.Builder> files = new TreeMap<>();
    private final ApiNames names = new ApiNames();
    private final AddedFields fields = new AddedFields(names);
    private final Map<String, Position> added = new LinkedHashMap<>();

    ApiFiles(Collection<FileDescriptor> classes) {
        for (FileDescriptor file : classes) {
            files.put(file.getName(), file.toProto().toBuilder());
            names.add(file.toProto());
        }
    }

    /** Full names of the messages, fields, enums and values that were added. */
    Set<String> added() {
        return added.keySet();
    }

    /**
     * Adds all that the description holds.
     *
     * @throws DescriptionException if something of it does not hold
     */
    void add(List<Addition> additions) {
        for (Addition addition : additions) {
            if (addition.sort() != Addition.Sort.EXTEND) {
                declare(addition);
            } else if (names.place(addition.fullName()) == null) {
                throw addition.position().wrong("there is no " + addition.fullName());
            }
        }
        for (Addition addition : additions) {
            fill(addition);
        }
    }

    /** Makes the type known, without its members. */
    private void declare(Addition addition) {
        String file = String.valueOf(addition.file());
        names.add(addition, file);
        added.put(addition.fullName(), addition.position());
        FileDescriptorProto.Builder target =
                files.computeIfAbsent(
                        file,
                        name ->
                                FileDescriptorProto.newBuilder()
                                        .setName(name)
                                        .setPackage(packageOf(addition.fullName()))
                                        .setSyntax("proto3"));
        DescriptorProto.Builder holder = holder(target, addition);
        String name = addition.fullName().substring(addition.fullName().lastIndexOf('.') + 1);
        if (addition.sort() == Addition.Sort.ENUM) {
            EnumDescriptorProto type = EnumDescriptorProto.newBuilder().setName(name).build();
            if (holder == null) {
                target.addEnumType(type);
            } else {
                holder.addEnumType(type);
            }
        } else {
            DescriptorProto type = DescriptorProto.newBuilder().setName(name).build();
            if (holder == null) {
                target.addMessageType(type);
            } else {
                holder.addNestedType(type);
            }
        }
    }

    /** Packages are in lower case, messages and enums are not. */
    private static String packageOf(String fullName) {
        int end = 0;
        while (!Character.isUpperCase(fullName.charAt(end + (end == 0 ? 0 : 1)))) {
            end = fullName.indexOf('.', end + 1);
        }
        return fullName.substring(0, end);
    }

    /** The message around a type, or null of one that stands in its file by itself. */
    private static DescriptorProto.@Nullable Builder holder(
            FileDescriptorProto.Builder file, Addition addition) {
        String inFile = inFile(file, addition);
        int dot = inFile.lastIndexOf('.');
        return dot < 0 ? null : message(file, inFile.substring(0, dot), addition.position());
    }

    private static String inFile(FileDescriptorProto.Builder file, Addition addition) {
        if (!addition.fullName().startsWith(file.getPackage() + ".")) {
            throw addition.position().wrong(file.getName() + " is of " + file.getPackage());
        }
        return addition.fullName().substring(file.getPackage().length() + 1);
    }

    private static DescriptorProto.Builder message(
            FileDescriptorProto.Builder file, String name, Position position) {
        List<DescriptorProto.Builder> among = file.getMessageTypeBuilderList();
        DescriptorProto.Builder found = null;
        for (String part : name.split("\\.")) {
            found = null;
            for (DescriptorProto.Builder message : among) {
                found = message.getName().equals(part) ? message : found;
            }
            if (found == null) {
                throw position.wrong("there is no message " + name + " in " + file.getName());
            }
            among = found.getNestedTypeBuilderList();
        }
        if (found == null) {
            throw position.wrong("a message without a name");
        }
        return found;
    }

    private void fill(Addition addition) {
        ApiNames.Place place = names.place(addition.fullName());
        FileDescriptorProto.Builder file = place == null ? null : files.get(place.file());
        if (place == null || file == null) {
            throw addition.position().wrong("there is no " + addition.fullName());
        }
        if (place.enumeration()) {
            EnumDescriptorProto.Builder type = enumeration(file, addition);
            for (Addition.Value value : addition.values()) {
                type.addValue(AddedFields.value(value));
                String scope = addition.fullName().replaceFirst("[^.]*$", "");
                note(scope + value.name(), value.position());
            }
            if (!addition.fields().isEmpty()) {
                throw addition.fields().getFirst().position().wrong("an enum has no fields");
            }
            return;
        }
        if (!addition.values().isEmpty()) {
            throw addition.values().getFirst().position().wrong("a message has no values");
        }
        fields.add(addition, message(file, inFile(file, addition), addition.position()));
        for (Addition.Field field : addition.fields()) {
            if (!field.changed()) {
                note(addition.fullName() + "." + field.name(), field.position());
            }
            if (field.mapKey() != null) {
                String entry = AddedFields.entryName(field);
                note(addition.fullName() + "." + entry, field.position());
            }
        }
    }

    private void note(String fullName, Position position) {
        if (added.put(fullName, position) != null) {
            throw position.wrong(fullName + " is there twice");
        }
    }

    private static EnumDescriptorProto.Builder enumeration(
            FileDescriptorProto.Builder file, Addition addition) {
        DescriptorProto.Builder holder = holder(file, addition);
        String name = addition.fullName().substring(addition.fullName().lastIndexOf('.') + 1);
        for (EnumDescriptorProto.Builder type :
                holder == null ? file.getEnumTypeBuilderList() : holder.getEnumTypeBuilderList()) {
            if (type.getName().equals(name)) {
                return type;
            }
        }
        throw addition.position().wrong("there is no enum " + addition.fullName());
    }

    /**
     * The descriptors of all files.
     *
     * @throws DescriptionException if what was added does not make a valid API
     */
    List<FileDescriptor> build() {
        Map<String, FileDescriptor> built = new LinkedHashMap<>();
        for (String name : files.keySet()) {
            build(name, built, new LinkedHashSet<>());
        }
        return new ArrayList<>(built.values());
    }

    private FileDescriptor build(
            String name, Map<String, FileDescriptor> built, Set<String> waiting) {
        FileDescriptor ready = built.get(name);
        if (ready != null) {
            return ready;
        }
        FileDescriptorProto.Builder file = files.get(name);
        if (file == null || !waiting.add(name)) {
            throw new DescriptionException(
                    "imports that cannot be: " + String.join(" < ", waiting) + " < " + name);
        }
        imports(file);
        FileDescriptor[] imported =
                file.getDependencyList().stream()
                        .map(dependency -> build(dependency, built, waiting))
                        .toArray(FileDescriptor[]::new);
        waiting.remove(name);
        try {
            FileDescriptor descriptor = FileDescriptor.buildFrom(file.build(), imported);
            built.put(name, descriptor);
            return descriptor;
        } catch (DescriptorValidationException e) {
            Position position = added.get(e.getProblemSymbolName());
            throw new DescriptionException(
                    (position == null ? name : position.toString()) + ": " + e.getMessage());
        }
    }

    /** Imports what the fields of the file refer to. */
    private void imports(FileDescriptorProto.Builder file) {
        Set<String> there = new HashSet<>(file.getDependencyList());
        there.add(file.getName());
        Set<String> needed = new LinkedHashSet<>();
        file.getMessageTypeList().forEach(message -> referred(message, needed));
        for (String name : needed) {
            if (there.add(name)) {
                file.addDependency(name);
            }
        }
    }

    private void referred(DescriptorProto message, Set<String> into) {
        for (FieldDescriptorProto field : message.getFieldList()) {
            ApiNames.Place place =
                    field.getTypeName().isEmpty()
                            ? null
                            : names.place(field.getTypeName().substring(1));
            if (place != null) {
                into.add(place.file());
            }
        }
        message.getNestedTypeList().forEach(nested -> referred(nested, into));
    }
}
