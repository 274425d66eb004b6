"""The proxy's configuration, all of it in files that are moved into place, and its changes."""
import asyncio, json, os, ssl, subprocess

TYPE = "type.googleapis.com/envoy."
LISTENER, ROUTES, CLUSTER = TYPE + "config.listener.v3.Listener", TYPE + "config.route.v3.RouteConfiguration", TYPE + "config.cluster.v3.Cluster"
ENDPOINTS, SECRET = TYPE + "config.endpoint.v3.ClusterLoadAssignment", TYPE + "extensions.transport_sockets.tls.v3.Secret"


def address(port):
    return {"socket_address": {"address": "127.0.0.1", "port_value": port}}


class Configuration:
    def __init__(self, folder, ports, upstreams):
        self.folder, self.ports, self.upstreams = folder, ports, upstreams
        self.turn = 0
        self.certificates = [self.certificate(number) for number in range(2)]
        for write in (self.secrets, self.endpoints, self.routes, self.clusters, self.listeners):
            write()

    def path(self, name):
        return os.path.join(self.folder, name)

    def source(self, name):
        return {"path_config_source": {"path": self.path(name)}, "resource_api_version": "V3"}

    def certificate(self, number):
        name = self.path(f"pair{number}")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "9",
             "-subj", f"/CN=soak{number}", "-addext", "subjectAltName=DNS:soak.test", "-keyout", name + ".key", "-out",
             name + ".pem"], check=True, capture_output=True)
        return name

    def client_tls(self):
        """A context for each protocol, which trusts both certificates."""
        contexts = {}
        for protocol in ("h2", "http/1.1"):
            contexts[protocol] = ssl.create_default_context()
            contexts[protocol].set_alpn_protocols([protocol])
            for name in self.certificates:
                contexts[protocol].load_verify_locations(name + ".pem")
        return contexts

    def move(self, name, kind, resources):
        """Writes a response beside its place and moves it there, which is what file subscriptions watch for."""
        text = json.dumps({"version_info": str(self.turn), "resources": [{"@type": kind, **each} for each in resources]})
        with open(self.path(name + ".new"), "w") as file:
            file.write(text)
        os.rename(self.path(name + ".new"), self.path(name))

    def secrets(self):
        name = self.certificates[self.turn % 2]
        self.move("secrets.json", SECRET, [{"name": "own", "tls_certificate": {
            "certificate_chain": {"inline_string": open(name + ".pem").read()},
            "private_key": {"inline_string": open(name + ".key").read()}}}])

    def endpoints(self):
        """One of the two servers of each kind, the other, or both."""
        self.move("web.json", ENDPOINTS, [self.hosts("web", self.upstreams[:2])])
        self.move("grpc.json", ENDPOINTS, [self.hosts("grpc", self.upstreams[2:4])])

    def hosts(self, name, ports):
        chosen = [ports, ports[:1], ports[1:]][self.turn // 2 % 3]
        return {"cluster_name": name, "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address(port)}} for port in chosen]}]}

    def routes(self):
        def route(match, cluster):
            return {"match": match, "route": {"cluster": cluster, "timeout": "60s",
                                              "retry_policy": {"retry_on": "connect-failure,refused-stream", "num_retries": 2}},
                    "response_headers_to_add": [{"header": {"key": "x-turn", "value": str(self.turn)}}]}
        self.move("routes.json", ROUTES, [{"name": "routes", "virtual_hosts": [{"name": "all", "domains": ["*"], "routes": [
            route({"prefix": "/soak.Echo/"}, "grpc"), route({"prefix": "/"}, "web")]}]}])

    def clusters(self):
        self.move("clusters.json", CLUSTER, [self.cluster("web", {"http_protocol_options": {}}),
                                             self.cluster("grpc", {"http2_protocol_options": {}}),
                                             {"name": "echo", "type": "STATIC", "load_assignment": {
                                                 "cluster_name": "echo", "endpoints": [{"lb_endpoints": [
                                                     {"endpoint": {"address": address(self.upstreams[4])}}]}]}}])

    def cluster(self, name, protocol):
        options = TYPE + "extensions.upstreams.http.v3.HttpProtocolOptions"
        return {"name": name, "type": "EDS", "eds_cluster_config": {"eds_config": self.source(name + ".json")},
                "connect_timeout": f"{30 + self.turn % 100 / 1000}s", "typed_extension_protocol_options": {
                    "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                        "@type": options, "explicit_http_config": protocol, "common_http_protocol_options": {"idle_timeout": "3s"}}}}

    def listeners(self):
        manager = {
            "@type": TYPE + "extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
            "stat_prefix": "soak", "rds": {"route_config_name": "routes", "config_source": self.source("routes.json")},
            "stream_idle_timeout": f"{60 + self.turn % 60}s", "upgrade_configs": [{"upgrade_type": "websocket"}],
            "access_log": [{"name": "file", "typed_config": {
                "@type": TYPE + "extensions.access_loggers.file.v3.FileAccessLog", "path": "/dev/null",
                "log_format": {"json_format": {"path": "%REQ(:path)%", "flags": "%RESPONSE_FLAGS%", "took": "%DURATION%"}}}}],
            "http_filters": [{"name": "router", "typed_config": {"@type": TYPE + "extensions.filters.http.router.v3.Router"}}]}
        http = {"filters": [{"name": "hcm", "typed_config": manager}]}
        tls = {**http, "transport_socket": {"name": "tls", "typed_config": {
            "@type": TYPE + "extensions.transport_sockets.tls.v3.DownstreamTlsContext", "common_tls_context": {
                "alpn_protocols": ["h2", "http/1.1"],
                "tls_certificate_sds_secret_configs": [{"name": "own", "sds_config": self.source("secrets.json")}]}}}}
        tcp = {"filters": [{"name": "tcp", "typed_config": {
            "@type": TYPE + "extensions.filters.network.tcp_proxy.v3.TcpProxy", "stat_prefix": "tcp", "cluster": "echo",
            "idle_timeout": f"{600 + self.turn % 60}s"}}]}
        chains = {"http": http, "tls": tls, "tcp": tcp, **({"extra": http} if self.turn // 30 % 2 else {})}
        self.move("listeners.json", LISTENER, [
            {"name": name, "address": address(self.ports[name]), "filter_chains": [chain]} for name, chain in chains.items()])

    def bootstrap(self):
        path = self.path("bootstrap.json")
        with open(path, "w") as file:
            json.dump({"node": {"id": "soak", "cluster": "soak"}, "admin": {"address": address(self.ports["admin"])},
                       "dynamic_resources": {"cds_config": self.source("clusters.json"), "lds_config": self.source("listeners.json")}}, file)
        return path


async def churn(config, tally):
    """Routes every second, endpoints every 2nd, certificates every 5th, clusters every 10th, listeners every 30th."""
    while True:
        await asyncio.sleep(1)
        config.turn += 1
        for every, write in ((1, config.routes), (2, config.endpoints), (5, config.secrets), (10, config.clusters), (30, config.listeners)):
            if config.turn % every == 0:
                write()
                tally.changes[write.__name__] += 1
