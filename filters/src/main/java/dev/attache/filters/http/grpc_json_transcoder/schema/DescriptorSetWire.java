package dev.attache.filters.http.grpc_json_transcoder.schema;

import com.google.protobuf.AnyProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a {@code google.protobuf.FileDescriptorSet} that configuration names. Protobuf's own
 * descriptors link it and find what is wrong with it; what stays is the {@link Schema}.
 */
public final class DescriptorSetWire {
    private static final String CANNOT_PARSE =
            "transcoding_filter: Unable to parse proto descriptor";
    private static final String CANNOT_BUILD =
            "transcoding_filter: Unable to build proto descriptor pool";

    /** {@code (google.api.http)} among a method's options. */
    private static final int HTTP_RULE = 72295728;

    private final Map<String, FileDescriptor> files = new LinkedHashMap<>();
    private final Map<String, MessageType> messages = new HashMap<>();
    private final Map<String, EnumType> enums = new HashMap<>();

    private DescriptorSetWire() {}

    /**
     * Reads the bytes of a set.
     *
     * @param withStatus {@code google.rpc.Status} is needed, and added where it is missing
     * @throws SchemaException it is none, or does not hang together
     */
    public static Schema read(byte[] bytes, boolean withStatus) throws SchemaException {
        FileDescriptorSet set;
        try {
            set = FileDescriptorSet.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new SchemaException(CANNOT_PARSE);
        }
        DescriptorSetWire reader = new DescriptorSetWire();
        for (FileDescriptorProto file : set.getFileList()) {
            reader.link(file);
        }
        return reader.schema(withStatus);
    }

    /** A file comes behind those that it needs. */
    private void link(FileDescriptorProto file) throws SchemaException {
        List<FileDescriptor> needed = new ArrayList<>();
        for (String name : file.getDependencyList()) {
            FileDescriptor known = files.get(name);
            if (known == null) {
                throw new SchemaException(CANNOT_BUILD);
            }
            needed.add(known);
        }
        if (files.containsKey(file.getName())) {
            return;
        }
        try {
            files.put(
                    file.getName(),
                    FileDescriptor.buildFrom(file, needed.toArray(new FileDescriptor[0])));
        } catch (DescriptorValidationException e) {
            throw new SchemaException(CANNOT_BUILD);
        }
    }

    private Schema schema(boolean withStatus) throws SchemaException {
        List<Descriptor> all = new ArrayList<>();
        for (FileDescriptor file : files.values()) {
            file.getMessageTypes().forEach(type -> declare(type, all));
            file.getEnumTypes().forEach(this::declare);
        }
        if (withStatus) {
            if (!messages.containsKey("google.protobuf.Any")) {
                AnyProto.getDescriptor().getMessageTypes().forEach(type -> declare(type, all));
            }
            declareStatus();
        }
        for (Descriptor type : all) {
            complete(type);
        }
        Map<String, List<Schema.Method>> services = new HashMap<>();
        for (FileDescriptor file : files.values()) {
            for (ServiceDescriptor service : file.getServices()) {
                services.put(service.getFullName(), methods(service));
            }
        }
        return new Schema(messages, services);
    }

    /** {@code google.rpc.Status}: code 1, message 2, details 3. */
    private void declareStatus() {
        String name = "google.rpc.Status";
        if (messages.containsKey(name)) {
            return;
        }
        MessageType status = new MessageType(name, true, false, List.of());
        status.complete(
                List.of(
                        field("code", 1, Kind.TYPE_INT32, false, null),
                        field("message", 2, Kind.TYPE_STRING, false, null),
                        field(
                                "details",
                                3,
                                Kind.TYPE_MESSAGE,
                                true,
                                messages.get("google.protobuf.Any"))));
        messages.put(name, status);
    }

    private static FieldType field(
            String name,
            int number,
            Kind kind,
            boolean repeated,
            @org.jspecify.annotations.Nullable MessageType message) {
        return new FieldType(name, name, number, kind, repeated, false, false, -1, message, null);
    }

    private void declare(Descriptor type, List<Descriptor> all) {
        all.add(type);
        List<String> oneofs = new ArrayList<>();
        type.getOneofs().forEach(oneof -> oneofs.add(oneof.getName()));
        messages.put(
                type.getFullName(),
                new MessageType(
                        type.getFullName(),
                        type.getFile().toProto().getSyntax().equals("proto3"),
                        type.getOptions().getMapEntry(),
                        oneofs));
        type.getNestedTypes().forEach(nested -> declare(nested, all));
        type.getEnumTypes().forEach(this::declare);
    }

    private void declare(EnumDescriptor type) {
        Map<String, Integer> values = new LinkedHashMap<>();
        for (EnumValueDescriptor value : type.getValues()) {
            values.put(value.getName(), value.getNumber());
        }
        enums.put(type.getFullName(), new EnumType(type.getFullName(), values));
    }

    private void complete(Descriptor type) {
        List<FieldType> fields = new ArrayList<>();
        for (FieldDescriptor field : type.getFields()) {
            Kind kind = Kind.values()[field.toProto().getType().getNumber() - 1];
            fields.add(
                    new FieldType(
                            field.getName(),
                            field.getJsonName(),
                            field.getNumber(),
                            kind,
                            field.isRepeated(),
                            field.isRequired(),
                            field.hasPresence(),
                            field.getContainingOneof() == null
                                    ? -1
                                    : field.getContainingOneof().getIndex(),
                            kind.isMessage()
                                    ? messages.get(field.getMessageType().getFullName())
                                    : null,
                            kind == Kind.TYPE_ENUM
                                    ? enums.get(field.getEnumType().getFullName())
                                    : null));
        }
        message(type).complete(fields);
    }

    private MessageType message(Descriptors.GenericDescriptor type) {
        MessageType known = messages.get(type.getFullName());
        if (known == null) {
            throw new IllegalStateException(type.getFullName() + " was not declared");
        }
        return known;
    }

    private List<Schema.Method> methods(ServiceDescriptor service) throws SchemaException {
        List<Schema.Method> methods = new ArrayList<>();
        for (MethodDescriptor method : service.getMethods()) {
            UnknownFieldSet options = method.toProto().getOptions().getUnknownFields();
            List<ByteString> rules = options.getField(HTTP_RULE).getLengthDelimitedList();
            methods.add(
                    new Schema.Method(
                            service.getFullName(),
                            method.getName(),
                            message(method.getInputType()),
                            message(method.getOutputType()),
                            method.isClientStreaming(),
                            method.isServerStreaming(),
                            rules.isEmpty() ? null : rule(rules)));
        }
        return methods;
    }

    private static HttpRule rule(List<ByteString> pieces) throws SchemaException {
        try {
            // What comes in several pieces is one message.
            return rule(ByteString.copyFrom(pieces).newCodedInput());
        } catch (IOException e) {
            throw new SchemaException(CANNOT_PARSE);
        }
    }

    private static HttpRule rule(CodedInputStream in) throws IOException {
        String verb = "";
        String path = "";
        String body = "";
        String responseBody = "";
        List<HttpRule> additional = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (tag >>> 3) {
                case 2, 3, 4, 5, 6 -> {
                    verb = List.of("GET", "PUT", "POST", "DELETE", "PATCH").get((tag >>> 3) - 2);
                    path = in.readStringRequireUtf8();
                }
                case 8 -> {
                    CodedInputStream custom = in.readBytes().newCodedInput();
                    for (int t = custom.readTag(); t != 0; t = custom.readTag()) {
                        switch (t >>> 3) {
                            case 1 -> verb = custom.readStringRequireUtf8();
                            case 2 -> path = custom.readStringRequireUtf8();
                            default -> custom.skipField(t);
                        }
                    }
                }
                case 7 -> body = in.readStringRequireUtf8();
                case 11 -> additional.add(rule(in.readBytes().newCodedInput()));
                case 12 -> responseBody = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        }
        return new HttpRule(verb, path, body, responseBody, additional);
    }
}
