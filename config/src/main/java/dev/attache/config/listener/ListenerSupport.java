package dev.attache.config.listener;

import dev.attache.config.support.MessageSupport;
import io.envoyproxy.envoy.config.listener.v3.AdditionalAddress;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.FilterChainMatch;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import java.util.List;

/** Which fields of a listener are honoured. */
public final class ListenerSupport {
    private static final String DISCOVERY = "extension config discovery is not built yet";

    private ListenerSupport() {}

    public static List<MessageSupport> declare() {
        return List.of(
                listener(),
                MessageSupport.of(FilterChain.getDescriptor())
                        .honoured(
                                "filter_chain_match",
                                "filters",
                                "metadata",
                                "transport_socket",
                                "transport_socket_connect_timeout",
                                "name",
                                "use_proxy_proto"),
                MessageSupport.of(FilterChainMatch.getDescriptor())
                        .honoured(
                                "destination_port",
                                "prefix_ranges",
                                "direct_source_prefix_ranges",
                                "source_type",
                                "source_prefix_ranges",
                                "source_ports",
                                "server_names",
                                "transport_protocol",
                                "application_protocols")
                        .refused(
                                "Envoy does not implement it either",
                                "address_suffix",
                                "suffix_len"),
                MessageSupport.of(ListenerFilter.getDescriptor())
                        .honoured("name", "typed_config", "filter_disabled")
                        .refused(DISCOVERY, "config_discovery"),
                MessageSupport.of(Filter.getDescriptor())
                        .honoured("name", "typed_config")
                        .refused(DISCOVERY, "config_discovery"),
                MessageSupport.whole(AdditionalAddress.getDescriptor()));
    }

    private static MessageSupport listener() {
        return MessageSupport.of(Listener.getDescriptor())
                .honoured(
                        "name",
                        "address",
                        "additional_addresses",
                        "stat_prefix",
                        "filter_chains",
                        "use_original_dst",
                        "default_filter_chain",
                        "per_connection_buffer_limit_bytes",
                        "metadata",
                        "deprecated_v1",
                        "drain_type",
                        "listener_filters",
                        "listener_filters_timeout",
                        "continue_on_listener_filters_timeout",
                        "transparent",
                        "freebind",
                        "socket_options",
                        "tcp_fast_open_queue_length",
                        "traffic_direction",
                        "connection_balance_config",
                        "reuse_port",
                        "enable_reuse_port",
                        "access_log",
                        "tcp_backlog_size",
                        "max_connections_to_accept_per_socket_event",
                        "bind_to_port",
                        "enable_mptcp",
                        "ignore_global_conn_limit",
                        "bypass_overload_manager")
                .noEffect("means nothing on a TCP listener", "udp_listener_config")
                .refused("filter chain matchers are not built yet", "filter_chain_matcher")
                .refused("Envoy does not implement it either", "fcds_config")
                .refused("internal listeners are not built yet", "internal_listener")
                .refused("API listeners are for embedded clients", "api_listener");
    }
}
