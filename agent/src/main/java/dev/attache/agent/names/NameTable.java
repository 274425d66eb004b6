package dev.attache.agent.names;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.WireFormat;
import dev.attache.agent.document.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The hosts of the mesh with their addresses ({@code istio.networking.nds.v1.NameTable}).
 * Immutable; any thread.
 *
 * @param hosts by name, sorted
 */
public record NameTable(Map<String, Host> hosts) {

    public NameTable {
        hosts = Collections.unmodifiableMap(new TreeMap<>(hosts));
    }

    /**
     * A host.
     *
     * @param ips its addresses as text
     * @param registry where it is known from, such as {@code Kubernetes}
     * @param shortname the service's own name, in Kubernetes only
     * @param namespace the service's, in Kubernetes only
     * @param altHosts further names
     */
    public record Host(
            List<String> ips,
            String registry,
            String shortname,
            String namespace,
            List<String> altHosts) {

        public Host {
            ips = List.copyOf(ips);
            altHosts = List.copyOf(altHosts);
        }

        /** One outside Kubernetes. */
        public static Host of(String... ips) {
            return new Host(List.of(ips), "External", "", "", List.of());
        }

        private static Host read(CodedInputStream in) throws IOException {
            List<String> ips = new ArrayList<>();
            List<String> others = new ArrayList<>();
            String registry = "";
            String shortname = "";
            String namespace = "";
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                switch (WireFormat.getTagFieldNumber(tag)) {
                    case 1 -> ips.add(text(in, tag));
                    case 2 -> registry = text(in, tag);
                    case 3 -> shortname = text(in, tag);
                    case 4 -> namespace = text(in, tag);
                    case 5 -> others.add(text(in, tag));
                    default -> skip(in, tag);
                }
            }
            return new Host(ips, registry, shortname, namespace, others);
        }
    }

    /**
     * Reads the message.
     *
     * @throws IOException if the bytes are none
     */
    public static NameTable parse(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        Map<String, Host> hosts = new TreeMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                entry(bytes(in, tag).newCodedInput(), hosts);
            } else {
                skip(in, tag);
            }
        }
        return new NameTable(hosts);
    }

    private static void entry(CodedInputStream in, Map<String, Host> hosts) throws IOException {
        String name = "";
        Host host = Host.of();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = text(in, tag);
                case 2 -> host = Host.read(bytes(in, tag).newCodedInput());
                default -> skip(in, tag);
            }
        }
        hosts.put(name, host);
    }

    private static String text(CodedInputStream in, int tag) throws IOException {
        return bytes(in, tag).toStringUtf8();
    }

    private static ByteString bytes(CodedInputStream in, int tag) throws IOException {
        if (WireFormat.getTagWireType(tag) != WireFormat.WIRETYPE_LENGTH_DELIMITED) {
            throw new InvalidProtocolBufferException(
                    "field " + WireFormat.getTagFieldNumber(tag) + " has another wire type");
        }
        return in.readBytes();
    }

    private static void skip(CodedInputStream in, int tag) throws IOException {
        if (!in.skipField(tag)) {
            throw new InvalidProtocolBufferException("a group ends that did not begin");
        }
    }

    /** As protobuf writes it in JSON, without what is empty. */
    public String toJson() {
        Map<String, Object> table = new LinkedHashMap<>();
        hosts.forEach((name, host) -> table.put(name, fields(host)));
        return Json.print(table.isEmpty() ? table : Map.of("table", table));
    }

    /** Those that are not empty, as protobuf's JSON has them. */
    private static Map<String, Object> fields(Host host) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("ips", host.ips);
        fields.put("registry", host.registry);
        fields.put("shortname", host.shortname);
        fields.put("namespace", host.namespace);
        fields.put("altHosts", host.altHosts);
        fields.values().removeIf(value -> value.equals("") || value.equals(List.of()));
        return fields;
    }
}
