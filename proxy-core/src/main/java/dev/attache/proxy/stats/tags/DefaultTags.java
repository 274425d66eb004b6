package dev.attache.proxy.stats.tags;

import java.util.List;

/**
 * Envoy's default tags in the order in which they are tried, from the most to the least specific.
 */
public final class DefaultTags {

    public static final List<TagRule> RULES =
            List.of(
                    TagRule.regex("envoy.response_code", "_rq(_(\\d{3}))$", "_rq_"),
                    TagRule.regex("envoy.response_code_class", "_rq_(\\d)xx$", "_rq_"),
                    TagRule.regex(
                            "envoy.grpc_bridge_method",
                            "^cluster\\.[^.]+\\.grpc\\.(?:[^.]+\\.)*?(([^.]+)\\.)\\w+$",
                            ".grpc."),
                    TagRule.regex(
                            "envoy.http_user_agent",
                            "^http\\.[^.]+\\.user_agent\\.(([^.]+)\\.)\\w+$",
                            ".user_agent."),
                    TagRule.regex(
                            "envoy.virtual_cluster",
                            "^vhost\\.[^.]+\\.vcluster\\.(([^.]+)\\.)\\w+$",
                            ".vcluster."),
                    TagRule.regex(
                            "envoy.route", "^vhost\\.[^.]+\\.route\\.(([^.]+)\\.)\\w+$", ".route."),
                    TagRule.regex(
                            "envoy.fault_downstream_cluster",
                            "^http\\.[^.]+\\.fault\\.(([^.]+)\\.)\\w+$",
                            ".fault."),
                    TagRule.regex(
                            "envoy.ssl_cipher",
                            "^listener\\..*\\.ssl\\.cipher(\\.([^.]+))$",
                            ".ssl.cipher."),
                    TagRule.regex(
                            "envoy.ssl_cipher",
                            "^cluster\\.[^.]+\\.ssl\\.ciphers(\\.([^.]+))$",
                            ".ssl.ciphers."),
                    TagRule.regex(
                            "envoy.tls_certificate",
                            "^(?:listener|cluster)\\..*\\.ssl\\.certificate\\.(([^.]+)\\.).*$",
                            ".ssl.certificate."),
                    TagRule.regex(
                            "envoy.grpc_bridge_service",
                            "^cluster\\.[^.]+\\.grpc\\.(([^.]+)\\.)",
                            ".grpc."),
                    TagRule.regex(
                            "envoy.rbac_policy_name",
                            "^http\\.[^.]+\\.rbac\\.(?:[^.]+\\.)?policy\\.(([^.]+)\\.)\\w+$",
                            ".rbac."),
                    TagRule.regex(
                            "envoy.rbac_http_prefix",
                            "^http\\.[^.]+\\.rbac\\.(?!policy\\.)(([^.]+)\\.)",
                            ".rbac."),
                    TagRule.regex("envoy.rbac_prefix", "^(([^.]+)\\.)rbac\\.", ".rbac."),
                    TagRule.regex("envoy.tcp_prefix", "^tcp\\.(([^.]+)\\.)\\w+$", "tcp."),
                    TagRule.regex("envoy.udp_prefix", "^udp\\.(([^.]+)\\.)\\w+$", "udp."),
                    TagRule.regex(
                            "envoy.clientssl_prefix",
                            "^auth\\.clientssl\\.(([^.]+)\\.)\\w+$",
                            "auth.clientssl."),
                    TagRule.regex(
                            "envoy.ratelimit_prefix",
                            "^ratelimit\\.(([^.]+)\\.)\\w+$",
                            "ratelimit."),
                    TagRule.regex(
                            "envoy.health_check_name",
                            "^cluster\\.[^.]+\\.health_check(\\.name\\.([^.]+))\\..+",
                            ".health_check.name."),
                    TagRule.regex("envoy.cluster_name", "^cluster\\.(([^.]+)\\.).*", "cluster."),
                    TagRule.regex(
                            "envoy.http_conn_manager_prefix",
                            "^listener\\..*?\\.http\\.(([^.]+)\\.)",
                            ".http."),
                    TagRule.regex(
                            "envoy.http_conn_manager_prefix", "^http\\.(([^.]+)\\.)", "http."),
                    TagRule.regex(
                            "envoy.worker_id", "^server\\.worker_((\\d+)\\.)", "server.worker_"),
                    TagRule.regex(
                            "envoy.worker_id",
                            "^listener_manager\\.worker_((\\d+)\\.)",
                            "listener_manager.worker_"),
                    TagRule.regex(
                            "envoy.worker_id",
                            "^thread_local_cluster_manager\\.worker_((\\d+)\\.)",
                            "cluster_manager.worker_"),
                    TagRule.regex(
                            "envoy.worker_id", "^listener\\..*?\\.worker_((\\d+)\\.)", ".worker_"),
                    TagRule.regex(
                            "envoy.listener_address",
                            "^listener\\.(((?:[_.0-9]*|[_\\[\\]aAbBcCdDeEfF0-9]*))\\.)",
                            "listener."),
                    TagRule.regex(
                            "envoy.listener_address",
                            "^listener\\.(?!admin\\.)(([^.]+)\\.)",
                            "listener."),
                    TagRule.regex("envoy.virtual_host", "^vhost\\.(([^.]+)\\.)", "vhost."),
                    TagRule.regex("envoy.mongo_prefix", "^mongo\\.(([^.]+)\\.)", "mongo."),
                    TagRule.regex("envoy.redis_prefix", "^redis\\.(([^.]+)\\.)", "redis."),
                    TagRule.regex("envoy.thrift_prefix", "^thrift\\.(([^.]+)\\.)", "thrift."),
                    TagRule.regex(
                            "envoy.rds_route_config",
                            "^http\\.[^.]+\\.rds\\.((.*?)\\.)\\w+$",
                            ".rds."),
                    TagRule.regex(
                            "envoy.scoped_rds_config",
                            "^http\\.[^.]+\\.scoped_rds\\.((.*?)\\.)\\w+$",
                            ".scoped_rds."));

    private DefaultTags() {}
}
