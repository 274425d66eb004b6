#!/usr/bin/env python3
"""Restarts under load: does a request fail while one process takes the place of another?

usage: bench/restarts.py [--proxy ATTACHE] [--restarts N] [--work N]

HTTP/1 on kept and on new connections, HTTP/2, both over TLS, and TCP go through the proxy all the time, each client one
exchange behind the other. This script is what systemd is to a unit of Type=notify-reload: it hears READY and MAINPID at
NOTIFY_SOCKET and sends SIGHUP to the main process, N times, each time as soon as the process before has ended. Judged: no
exchange fails, no kept connection ends under a request, counters never go back, each process ends with its time, and the
last one is alone. Prints a line a restart and a table at the end; the exit code is 0 where everything held. Needs openssl.
"""
import argparse, asyncio, logging, multiprocessing, os, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "soak"))
import configuration, traffic, upstreams  # noqa: E402  (bench/soak)

START = 60  # seconds that a process may take until it serves, and to its end
FLAGS = ["--use-dynamic-base-id", "--concurrency", "2", "--drain-time-s", "1", "--drain-strategy", "immediate",
         "--parent-shutdown-time-s", "1", "--shutdown-drain-s", "20", "-l", "info"]


class Unit:
    """The service, as its supervisor sees it."""

    def __init__(self, launcher, folder, config, admin):
        self.admin, self.log = admin, os.path.join(folder, "proxy.log")
        path = os.path.join(folder, "notify")
        self.heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.heard.bind(path)
        self.heard.settimeout(START)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen([launcher, "-c", config, *FLAGS], stdout=log, stderr=log, start_new_session=True,
                                            env=dict(os.environ, NOTIFY_SOCKET=path))
        self.main = self.process.pid
        try:
            self.until("READY")
            self.main = self.listener()
        except BaseException:
            self.kill()
            raise

    def until(self, wanted):
        while True:
            try:
                lines = dict(line.split("=", 1) for line in self.heard.recv(4096).decode().splitlines())
            except TimeoutError:
                raise RuntimeError(f"{wanted} is not heard in {START} s; the end of the log:\n{self.said()[-3000:]}") from None
            if "MAINPID" in lines:
                self.main = int(lines["MAINPID"])
            if wanted in lines:
                return

    def listener(self):
        """The process itself: a launcher may or may not become it."""
        pids = [self.process.pid]
        for pid in pids:
            pids += [int(child) for child in open(f"/proc/{pid}/task/{pid}/children").read().split()]
        return next(pid for pid in pids if os.readlink(f"/proc/{pid}/exe").endswith("/java"))

    def restart(self):
        before = self.main
        os.kill(before, signal.SIGHUP)
        self.until("READY")
        if self.main == before:
            raise RuntimeError("no other process has taken over; the end of the log:\n" + self.said()[-3000:])
        deadline = time.monotonic() + START
        while alive(before):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the process before has not ended in {START} s")
            self.reap()
            time.sleep(0.02)

    def reap(self):
        if self.process.poll() not in (None, 0):
            raise RuntimeError(f"the first process has ended with code {self.process.returncode}")

    def server(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}/stats?filter=^(server.hot_restart|http.soak|tcp.tcp)", timeout=20) as answer:
            lines = answer.read().decode().splitlines()
        return {name: int(value) for name, _, value in (line.partition(": ") for line in lines) if value.isdigit()}

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def stop(self):
        os.kill(self.main, signal.SIGTERM)
        deadline = time.monotonic() + START
        while alive(self.main) and time.monotonic() < deadline:
            self.process.poll()
            time.sleep(0.05)
        return not alive(self.main)

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def clients(ports, tls, tally, count):
    kinds = [
        (traffic.Http1(ports["http"]), "HTTP/1, kept connections"), (traffic.Handshakes(ports["http"]), "HTTP/1, new connections"),
        (traffic.Http1(ports["tls"], tls), "HTTP/1 over TLS, kept"), (traffic.Handshakes(ports["tls"], tls), "HTTP/1 over TLS, new"),
        (traffic.Http2(ports["http"]), "HTTP/2"), (traffic.Http2(ports["tls"], tls), "HTTP/2 over TLS"),
        (traffic.Tcp(ports["tcp"]), "TCP"),
    ]
    return [asyncio.create_task(traffic.repeat(kind.copy(), name, tally)) for kind, name in kinds for _ in range(count)]


async def run(options, unit, config, tally):
    work = clients(config.ports, config.client_tls(), tally, options.work)
    before = {}
    try:
        for number in range(1, options.restarts + 1):
            started = time.monotonic()
            await asyncio.to_thread(unit.restart)
            stats = await asyncio.to_thread(unit.server)
            for name, value in before.items():
                if name.endswith("_total") and stats.get(name, 0) < value:
                    tally.fail("statistics", f"{name} was {value} and is {stats.get(name)}")
            before = stats
            print(f"restart {number:3d} in {time.monotonic() - started:4.1f} s, process {unit.main}, "
                  f"requests counted {stats.get('http.soak.downstream_rq_total')}  {tally.line()}", flush=True)
            for task in work:
                if task.done():
                    task.result()
        if before.get("server.hot_restart_epoch") != options.restarts or before.get("server.hot_restart_generation") != options.restarts + 1:
            tally.fail("statistics", f"epoch and generation are not those of {options.restarts} restarts: {before}")
    finally:
        tally.over = True
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proxy", default=os.path.join(root, "attache"))
    parser.add_argument("--restarts", type=int, default=10)
    parser.add_argument("--work", type=int, default=2, help="clients of each kind")
    options = parser.parse_args()
    if not shutil.which("openssl"):
        print("skipped: openssl is missing")
        return 77
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    folder = tempfile.mkdtemp(prefix="restarts")
    held = [socket.socket() for _ in range(9)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    numbers = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    ports = dict(zip(("http", "tls", "tcp", "admin"), numbers))
    servers = multiprocessing.Process(target=upstreams.serve, args=(numbers[4:],), daemon=True)
    servers.start()
    unit, tally = None, traffic.Tally()
    started = time.monotonic()
    try:
        config = configuration.Configuration(folder, ports, numbers[4:])
        unit = Unit(options.proxy, folder, config.bootstrap(), ports["admin"])
        asyncio.run(run(options, unit, config, tally))
        if not unit.stop():
            tally.fail("proxy", "the last process does not end")
        for line in unit.said().splitlines():
            if "[error]" in line or "[critical]" in line:
                tally.fail("log", line)
    except RuntimeError as problem:
        tally.fail("proxy", problem)
    finally:
        if unit is not None:
            unit.kill()
        servers.terminate()
        shutil.rmtree(folder)
    print(f"\n{options.restarts} restarts in {time.monotonic() - started:.0f} s\n{'exchanges of':30s} {'done':>8s} {'failed':>8s} {'cut while kept':>15s}")
    for name in sorted({*tally.done, *tally.failed, *tally.again}):
        print(f"{name:30s} {tally.done[name]:8d} {tally.failed[name]:8d} {tally.again[name]:15d}")
    bad = sum(tally.failed.values()) + sum(tally.again.values())
    print(f"{sum(tally.done.values())} exchanges, {bad} failed or were cut")
    return 1 if bad or not tally.done else 0


if __name__ == "__main__":
    sys.exit(main())
