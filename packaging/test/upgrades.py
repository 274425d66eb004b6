#!/usr/bin/env python3
"""Upgrades under load: does a request fail while dpkg puts one version in the place of another?

usage: packaging/test/upgrades.py --init PID --root ROOT [--upgrades N] [--work N] PACKAGE PACKAGE

PID is the init of a machine without a network, whose files are at ROOT, where the first package is installed; the packages
are named as that machine sees them. HTTP/1 on kept and on new connections, HTTP/2, both over TLS, and TCP go through
attache.service all the time (bench/restarts.py has the clients), while the packages are installed in turn, N times, each
time as soon as the process before has ended. Judged: no exchange fails, no kept connection ends under a request, each
upgrade brings another main process, of the files just installed, the unit stays active and never starts again, nothing is
logged as an error. Prints a line an upgrade and a table; the exit code is 0 where everything held. Needs openssl.
"""
import argparse, asyncio, logging, multiprocessing, os, shutil, socket, subprocess, sys, time

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [os.path.join(root, "bench"), os.path.join(root, "bench", "soak")]
import configuration, restarts, traffic, upstreams  # noqa: E402  (bench, bench/soak)

FOLDER = "/etc/attache/load"
PATIENCE = 60  # seconds that a process may take until it is the service, and to its end
OPTIONS = ("--shutdown-drain-s 20 --concurrency 2 --drain-time-s 1 --drain-strategy immediate --parent-shutdown-time-s 1 -l info")


class Installed(configuration.Configuration):
    """As the machine sees it, which has the folder elsewhere."""

    def source(self, name):
        return {"path_config_source": {"path": os.path.join(FOLDER, name)}, "resource_api_version": "V3"}


class Machine:
    def __init__(self, init, files):
        self.enter = ["nsenter", "-t", str(init), "-m", "-u", "-i", "-p", "--", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
        self.environment = os.path.join(files, "etc/attache/attache.env")
        with open(self.environment) as file:
            self.before = file.read()

    def run(self, *command):
        done = subprocess.run([*self.enter, *command], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {(done.stdout + done.stderr)[-3000:]}")
        return done.stdout

    def unit(self):
        return dict(line.split("=", 1) for line in self.run("systemctl", "show", "attache", "-p", "MainPID,ActiveState,NRestarts").splitlines())

    def has(self, process):
        return subprocess.run([*self.enter, "test", "-e", f"/proc/{process}"]).returncode == 0

    def until(self, what, holds):
        deadline = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > deadline:
                raise RuntimeError(f"{what} in {PATIENCE} s; {self.unit()}\n" + self.run("journalctl", "-u", "attache", "-n", "40", "--no-pager"))
            time.sleep(0.05)

    def serve(self, bootstrap):
        self.write(self.before + f'\nATTACHE_CONFIG={bootstrap}\nATTACHE_OPTIONS="{OPTIONS}"\n')
        self.run("systemctl", "restart", "attache")

    def write(self, environment):
        with open(self.environment, "w") as file:
            file.write(environment)

    def upgrade(self, package):
        """Installs it; returns when the process before has ended."""
        before = self.unit()["MainPID"]
        self.run("dpkg", "--force-downgrade", "--no-debsig", "-i", package)
        self.until("no other process is the service", lambda: self.unit()["MainPID"] not in (before, "0"))
        self.until("the process before has not ended", lambda: not self.has(before))
        unit = self.unit()
        program = self.run("readlink", f"/proc/{unit['MainPID']}/exe").strip()
        if unit["ActiveState"] != "active" or unit["NRestarts"] != "0" or program.endswith("(deleted)"):
            raise RuntimeError(f"the unit is {unit}, its program {program}")
        return unit["MainPID"], self.run("dpkg-query", "-W", "-f", "${Version}", "attache")


async def run(options, machine, config, tally):
    work = restarts.clients(config.ports, config.client_tls(), tally, options.work)
    versions = []
    try:
        for number in range(1, options.upgrades + 1):
            started = time.monotonic()
            process, version = await asyncio.to_thread(machine.upgrade, options.packages[number % 2])
            if versions and versions[-1] == version:
                tally.fail("packages", f"{version} follows itself")
            versions.append(version)
            print(f"upgrade {number:3d} in {time.monotonic() - started:4.1f} s, process {process}, version {version}  {tally.line()}", flush=True)
            for task in work:
                if task.done():
                    task.result()
    finally:
        tally.over = True
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", nargs=2)
    parser.add_argument("--init", required=True)
    parser.add_argument("--root", required=True)
    parser.add_argument("--upgrades", type=int, default=10)
    parser.add_argument("--work", type=int, default=1, help="clients of each kind")
    options = parser.parse_args()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    held = [socket.socket() for _ in range(9)]
    for each in held:
        each.bind(("127.0.0.1", 0))
    numbers = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    servers = multiprocessing.Process(target=upstreams.serve, args=(numbers[4:],), daemon=True)
    servers.start()
    folder = options.root + FOLDER
    os.mkdir(folder)
    machine, tally = Machine(options.init, options.root), traffic.Tally()
    started, begun = time.monotonic(), int(time.time()) + 1
    try:
        config = Installed(folder, dict(zip(("http", "tls", "tcp", "admin"), numbers)), numbers[4:])
        machine.serve(os.path.join(FOLDER, os.path.basename(config.bootstrap())))
        asyncio.run(run(options, machine, config, tally))
        for line in machine.run("journalctl", "-u", "attache", "-o", "cat", "--no-pager", "--since", f"@{begun}").splitlines():
            if "[error]" in line or "[critical]" in line:
                tally.fail("log", line)
    except RuntimeError as problem:
        tally.fail("machine", problem)
    finally:
        servers.terminate()
        shutil.rmtree(folder)
        machine.write(machine.before)
    print(f"\n{'exchanges of':30s} {'done':>8s} {'failed':>8s} {'cut while kept':>15s}")
    for name in sorted({*tally.done, *tally.failed, *tally.again}):
        print(f"{name:30s} {tally.done[name]:8d} {tally.failed[name]:8d} {tally.again[name]:15d}")
    bad = sum(tally.failed.values()) + sum(tally.again.values())
    print(f"{options.upgrades} upgrades in {time.monotonic() - started:.0f} s, {sum(tally.done.values())} exchanges, {bad} failed or were cut")
    return 1 if bad or not tally.done else 0


if __name__ == "__main__":
    sys.exit(main())
