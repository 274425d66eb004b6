package dev.attache.filters.http.grpc_json_transcoder;

import dev.attache.filters.http.grpc_json_transcoder.path.Unescaping;
import dev.attache.filters.http.grpc_json_transcoder.schema.FieldType;
import dev.attache.filters.http.grpc_json_transcoder.schema.MessageType;
import java.util.ArrayList;
import java.util.List;

/** Paths of fields by name, as templates and queries have them. Pure. */
final class FieldPaths {

    private FieldPaths() {}

    /** A path that leads nowhere, in Envoy's words. */
    static final class Unknown extends Exception {
        private static final long serialVersionUID = 1;

        Unknown(String message) {
            super(message, null, false, false);
        }

        String text() {
            String message = getMessage();
            return message == null ? "" : message;
        }
    }

    /** Of a path with dots; empty parts are passed over. */
    static List<FieldType> resolve(MessageType type, String path) throws Unknown {
        List<String> names = new ArrayList<>();
        for (String name : path.split("\\.", -1)) {
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        return resolve(type, names);
    }

    static List<FieldType> resolve(MessageType type, List<String> names) throws Unknown {
        List<FieldType> path = new ArrayList<>();
        MessageType at = type;
        for (int i = 0; i < names.size(); i++) {
            FieldType field = at.field(names.get(i));
            if (field == null) {
                field = at.field(Unescaping.ALL_CHARACTERS.decode(names.get(i), false));
            }
            if (field == null) {
                throw new Unknown(
                        "Could not find field \""
                                + names.get(i)
                                + "\" in the type \""
                                + at.fullName()
                                + "\".");
            }
            path.add(field);
            if (i < names.size() - 1) {
                if (field.message() == null) {
                    throw new Unknown(
                            "Encountered a non-leaf field \""
                                    + field.name()
                                    + "\" that is not a message while parsing a field path");
                }
                at = field.messageType();
            }
        }
        return path;
    }
}
