package dev.attache.api.build;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All messages and enums by full name: in which file each is, and which of both it is. */
final class ApiNames {
    /**
     * @param file its proto file
     * @param enumeration whether it is an enum
     */
    record Place(String file, boolean enumeration) {}

    private final Map<String, Place> places = new HashMap<>();

    void add(FileDescriptorProto file) {
        String scope = file.getPackage() + ".";
        file.getMessageTypeList().forEach(message -> add(file, scope, message));
        file.getEnumTypeList().forEach(type -> add(file, scope, type));
    }

    private void add(FileDescriptorProto file, String scope, DescriptorProto message) {
        String name = scope + message.getName();
        places.put(name, new Place(file.getName(), false));
        message.getNestedTypeList().forEach(nested -> add(file, name + ".", nested));
        message.getEnumTypeList().forEach(type -> add(file, name + ".", type));
    }

    private void add(FileDescriptorProto file, String scope, EnumDescriptorProto type) {
        places.put(scope + type.getName(), new Place(file.getName(), true));
    }

    /**
     * @throws DescriptionException if there is such a type already
     */
    void add(Addition addition, String file) {
        Place place = new Place(file, addition.sort() == Addition.Sort.ENUM);
        Place other = places.putIfAbsent(addition.fullName(), place);
        if (other != null) {
            throw addition.position().wrong(addition.fullName() + " is in " + other.file());
        }
    }

    @Nullable Place place(String fullName) {
        return places.get(fullName);
    }

    /** The full name of a type that is named within another: the innermost that fits, or null. */
    @Nullable String resolve(String scope, String name) {
        for (String around = scope; !around.isEmpty(); ) {
            if (places.containsKey(around + "." + name)) {
                return around + "." + name;
            }
            int dot = around.lastIndexOf('.');
            around = dot < 0 ? "" : around.substring(0, dot);
        }
        return places.containsKey(name) ? name : null;
    }
}
