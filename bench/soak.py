#!/usr/bin/env python3
"""Everything at once for a long time: does anything fail, leak or grow?

usage: bench/soak.py [--proxy ATTACHE] [--seconds N] [--work N] [--keep FOLDER]

HTTP/1, HTTP/2, TLS, WebSocket, gRPC and TCP through one proxy with Netty's leak detection at its strictest, while routes,
endpoints, clusters, listeners and certificates change by files, clients and upstreams break off, and some are slow.
Judged: no request fails but those that are made to; no leak is reported; heap after collection, resident memory, direct
memory, descriptors, threads and live objects do not grow; when all is over every gauge of something active is 0.
Prints one line a sample and a table at the end; the exit code is 0 where everything held. Below five minutes growth is
shown and not judged. Needs openssl and a JDK's jcmd.
"""
import argparse, asyncio, logging, multiprocessing, os, re, shutil, signal, socket, subprocess, sys, tempfile, time, urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "soak"))
import configuration, traffic, upstreams  # noqa: E402  (bench/soak)

WATCHED = {  # live objects by class
    "connections": r"dev\.attache\.proxy\.connection\.Connection",
    "streams": r"dev\.attache\.proxy\.network\.http\.ActiveStream",
    "objects of ours": r"dev\.attache\..+",  # their timers among them
    "accounts": r"dev\.attache\.proxy\.memory\.(MemoryAccount|Held)",
}
SETTLED = 30  # seconds after the end within which everything must have ended


class Proxy:
    def __init__(self, launcher, folder, config, admin):
        self.admin = admin
        self.log = os.path.join(folder, "proxy.log")
        options = os.environ.get("ATTACHE_JAVA_OPTIONS", "") + " -Dio.netty.leakDetection.level=paranoid"
        environment = dict(os.environ, ATTACHE_JAVA_OPTIONS=options)
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [launcher, "-c", config, "--concurrency", "2", "--drain-time-s", "30", "--drain-strategy", "immediate",
                 "--base-id", "900", "-l", "warning"], stdout=log, stderr=log, env=environment, start_new_session=True)
        try:
            self.await_ready()
            self.pid = self.java()
        except BaseException:
            self.kill()
            raise

    def await_ready(self):
        deadline = time.monotonic() + 60
        while self.get("/ready") is None:
            if self.process.poll() is not None or time.monotonic() > deadline:
                sys.exit("the proxy does not start:\n" + self.said())
            time.sleep(0.1)

    def kill(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def java(self):
        """The process that listens on the admin port: launchers may or may not exec."""
        pids = [self.process.pid]
        for pid in pids:
            children = f"/proc/{pid}/task/{pid}/children"
            pids += [int(child) for child in open(children).read().split()]
        return next(pid for pid in pids if os.readlink(f"/proc/{pid}/exe").endswith("/java"))

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin}{path}", timeout=20) as answer:
                return answer.read().decode()
        except OSError:
            return None

    def said(self):
        with open(self.log, errors="replace") as log:
            return log.read()

    def stats(self, pattern):
        lines = (self.get("/stats?filter=" + pattern) or "").splitlines()
        return {name: int(value) for name, _, value in (line.partition(": ") for line in lines) if value.isdigit()}

    def jcmd(self, *command):
        beside = os.path.join(os.path.dirname(os.readlink(f"/proc/{self.pid}/exe")), "jcmd")
        tool = beside if os.path.exists(beside) else "jcmd"  # a runtime made for the proxy has none
        return subprocess.run([tool, str(self.pid), *command], capture_output=True, text=True, check=True).stdout

    def sample(self):
        status = dict(line.split(":", 1) for line in open(f"/proc/{self.pid}/status"))
        objects = self.jcmd("GC.class_histogram")  # collects first
        counts = {name: 0 for name in WATCHED}
        heap = 0
        for number, size, kind in re.findall(r"^ *\d+: +(\d+) +(\d+) +(\S+)", objects, re.M):
            heap += int(size)
            for name, pattern in WATCHED.items():
                counts[name] += int(number) if re.fullmatch(pattern, kind) else 0
        direct = re.search(r'"direct_memory_used": *"?(\d+)', self.get("/memory") or "")
        return {
            "heap KiB": heap >> 10,
            "resident KiB": int(status["VmRSS"].split()[0]),
            "descriptors": len(os.listdir(f"/proc/{self.pid}/fd")),
            "threads": int(status["Threads"]),
            **({"direct KiB": int(direct.group(1)) >> 10} if direct else {}),
            **counts,
        }

    def stop(self):
        os.kill(self.pid, signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
            return False
        return True


def free_ports(count):
    held = [socket.socket() for _ in range(count)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


async def run(options, proxy, config, tally):
    end = time.monotonic() + options.seconds
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    work = traffic.start(config.ports, config.client_tls(), tally, options.work)
    churn = asyncio.create_task(configuration.churn(config, tally))
    samples = []
    every = min(30, max(4, options.seconds / 10))
    try:
        while time.monotonic() < end:
            await asyncio.sleep(min(every, max(0, end - time.monotonic())))
            samples.append(await asyncio.to_thread(proxy.sample))
            now = " ".join(f"{name.replace(' ', '_')}={value}" for name, value in samples[-1].items())
            print(f"{options.seconds - (end - time.monotonic()):7.0f} s  {tally.line()}  {now}", flush=True)
            if proxy.process.poll() is not None:
                tally.fail("proxy", "it has ended")
                break
            for task in [*work, churn]:
                if task.done():
                    task.result()
    finally:
        tally.over = True
        for task in [churn, *work]:
            task.cancel()
    await asyncio.gather(churn, *work, return_exceptions=True)
    return samples


async def settle(proxy):
    """What is still active when nothing should be."""
    deadline = time.monotonic() + SETTLED
    while True:
        active = proxy.stats("^(http|cluster|tcp|listener)[.].*_active$")
        left = {name: value for name, value in active.items() if value and ".admin." not in name and not name.startswith("http.admin")}
        if not left or time.monotonic() > deadline:
            return left
        await asyncio.sleep(0.5)


def growth(samples, name):
    """The means of the second and of the last fifth: the first is warming up."""
    fifth = max(1, len(samples) // 5)
    early = [sample[name] for sample in samples[fifth:2 * fifth]] or [samples[0][name]]
    late = [sample[name] for sample in samples[-fifth:]]
    return sum(early) / len(early), sum(late) / len(late)


def judge(options, proxy, seen, left, tally):
    before, samples, last = seen
    rows, held = [], True
    slack = {"heap KiB": 4096, "resident KiB": 16384, "direct KiB": 4096}
    for name in samples[0]:
        early, late = growth(samples, name)
        flat = late <= early * 1.1 + slack.get(name, 40)
        judged = options.seconds >= 300
        held &= flat or not judged
        rows.append((name, f"{before[name]}", f"{early:.0f}", f"{late:.0f}", f"{last[name]}", "flat" if flat else "GROWS" if judged else "-"))
    said = proxy.said()
    leaks = said.count("LEAK:")
    problems = [line for line in said.splitlines() if re.search(r"\b(Exception|Error)\b|\[(error|critical)\]", line)]
    held &= not tally.failures and not leaks and not left and not problems and last["streams"] == 0
    print(f"\n| after {options.seconds:.0f} s | before | early | late | when all was over | |\n|---|---|---|---|---|---|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print("\n| kind | done | made to fail | tried again | failed |\n|---|---|---|---|---|")
    for kind in sorted({*tally.done, *tally.meant, *tally.failed}):
        print(f"| {kind} | {tally.done[kind]} | {tally.meant[kind]} | {tally.again[kind]} | {tally.failed[kind]} |")
    print(f"\nchanges: {dict(tally.changes)}; leaks reported: {leaks}; still active: {left or 'nothing'}")
    for line in problems[:20]:
        print("! " + line[:300])
    return held


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--proxy", default=os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "attache"))
    parser.add_argument("--seconds", type=float, default=1800)
    parser.add_argument("--work", type=int, default=2, help="clients of each kind")
    parser.add_argument("--keep", help="folder for configuration and logs, kept")
    options = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # peers break off all the time here
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started ends, too
    folder = options.keep or tempfile.mkdtemp(prefix="soak")
    os.makedirs(folder, exist_ok=True)
    behind = free_ports(5)
    servers = multiprocessing.get_context("fork").Process(target=upstreams.serve, args=(behind,), daemon=True)
    proxy = None
    try:
        servers.start()
        admin, http, tls, tcp, extra = free_ports(5)
        config = configuration.Configuration(folder, dict(admin=admin, http=http, tls=tls, tcp=tcp, extra=extra), behind)
        proxy = Proxy(options.proxy, folder, config.bootstrap(), admin)
        tally = traffic.Tally()
        before = proxy.sample()
        samples = asyncio.run(run(options, proxy, config, tally))
        left = asyncio.run(settle(proxy)) if proxy.process.poll() is None else {"proxy": "gone"}
        last = proxy.sample() if proxy.process.poll() is None else samples[-1]
        held = judge(options, proxy, (before, samples, last), left, tally)
        if not proxy.stop():
            held = False
            print("! did not end on SIGTERM")
        proxy = None
        print("HELD" if held else "DID NOT HOLD")
        sys.exit(0 if held else 1)
    except asyncio.CancelledError:
        sys.exit(143)
    finally:
        if proxy is not None:
            proxy.kill()
        servers.kill()
        if not options.keep:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
