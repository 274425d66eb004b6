package dev.attache.server.review.useless;

import com.google.protobuf.Message;
import dev.attache.api.FieldType;
import dev.attache.config.load.TypeRegistry;
import dev.attache.server.admin.message.KnownTypes;
import dev.attache.server.admin.message.MessageSearch;
import dev.attache.server.admin.message.wire.MessageBytes;
import dev.attache.server.admin.message.wire.WireField;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All texts that stand in resources, in whatever message within them: a name that is none of these
 * is not used. Texts that certainly name nothing are left out, as addresses and the names that
 * resources have themselves. One thread.
 */
final class MentionedNames {

    /** Longer ones are programs, which may name anything within. */
    private static final int LONGEST_NAME = 4096;

    /** Fields that are no reference, whatever message they stand in. */
    private static final Set<String> NOT_NAMES =
            Set.of(
                    "stat_prefix",
                    "alt_stat_name",
                    "domains",
                    "hostname",
                    "sni",
                    "host_rewrite_literal",
                    "address",
                    "service_name",
                    "@type");

    /** Messages whose name is their own. */
    private static final Set<String> NAMED =
            Set.of(
                    "envoy.config.cluster.v3.Cluster",
                    "envoy.config.listener.v3.Listener",
                    "envoy.config.listener.v3.FilterChain",
                    "envoy.config.listener.v3.Filter",
                    "envoy.config.listener.v3.ListenerFilter",
                    "envoy.config.route.v3.RouteConfiguration",
                    "envoy.config.route.v3.VirtualHost",
                    "envoy.config.route.v3.Route",
                    "envoy.config.core.v3.TransportSocket",
                    "envoy.config.core.v3.TypedExtensionConfig",
                    "envoy.config.accesslog.v3.AccessLog",
                    "envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter",
                    "envoy.extensions.transport_sockets.tls.v3.Secret");

    /** Fields by which requests, or programs, say at last which cluster is meant. */
    private static final Set<String> DECIDING =
            Set.of(
                    "cluster_header",
                    "cluster_specifier_plugin",
                    "inline_cluster_specifier_plugin",
                    "inline_code",
                    "source_codes",
                    "default_source_code");

    /** Messages of filters that do. */
    private static final Set<String> DECIDERS =
            Set.of("envoy.extensions.filters.network.sni_cluster.v3.SniCluster");

    private static final String TCP_CLUSTER = "envoy.tcp_proxy.cluster";

    private final KnownTypes types;
    private final Map<String, Set<String>> mentions = new HashMap<>();
    private final List<String> programs = new ArrayList<>();
    private boolean madeUp;

    MentionedNames(TypeRegistry types) {
        this.types = new KnownTypes(types);
    }

    /** Reads a resource; {@code owner} is how it is told from others. */
    void read(String owner, Message resource) {
        MessageSearch.in(MessageBytes.of(resource), types, each -> read(owner, each));
    }

    private void read(String owner, MessageBytes message) {
        String type = message.type().fullName();
        madeUp |= DECIDERS.contains(type) || !isEnvoys(type);
        for (WireField field : message.fields()) {
            FieldType.Kind kind = field.field().kind();
            String name = field.field().name();
            madeUp |= DECIDING.contains(name);
            boolean text = kind == FieldType.Kind.STRING || kind == FieldType.Kind.BYTES;
            boolean own =
                    NOT_NAMES.contains(name)
                            || name.equals("name") && NAMED.contains(type)
                            || name.equals("cluster_name")
                                    && type.endsWith("ClusterLoadAssignment");
            if (text && !own) {
                mention(owner, field.octets().toString(StandardCharsets.UTF_8));
            }
        }
    }

    /** Others' messages configure code that may call what it likes. */
    private static boolean isEnvoys(String type) {
        return type.startsWith("envoy.")
                || type.startsWith("google.")
                || type.startsWith("xds.")
                || type.startsWith("udpa.")
                || type.startsWith("istio.")
                || type.startsWith("cel.")
                || type.startsWith("opencensus.")
                || type.startsWith("stats.");
    }

    private void mention(String owner, String text) {
        if (text.isEmpty()) {
            return;
        }
        madeUp |= text.equals(TCP_CLUSTER);
        if (text.length() > LONGEST_NAME || text.indexOf('\n') >= 0) {
            programs.add(text);
        } else {
            mentions.computeIfAbsent(text, t -> new HashSet<>(2)).add(owner);
        }
    }

    /** Whether names of clusters come from requests or programs: then any may be used. */
    boolean areMadeUp() {
        return madeUp;
    }

    /** Whether anybody but the owner names it. */
    boolean has(String name, String owner) {
        Set<String> owners = mentions.get(name);
        return owners != null && (owners.size() > 1 || !owners.contains(owner))
                || programs.stream().anyMatch(program -> program.contains(name));
    }
}
