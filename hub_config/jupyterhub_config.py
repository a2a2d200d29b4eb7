"""How the hub is set: it signs people in, tells the portal and the lessons who they are, and starts JupyterLab for a few.

Started by `banyan serve`, which runs the proxy and the services beside it and says on which ports.
"""

from pathlib import Path

from banyan.accounts.authenticator import StaffAuthenticator
from banyan.accounts.hub_labs import ROLE
from banyan.accounts.hub_language import HubLanguage
from banyan.labs.spawner import LabSpawner
from banyan.settings import Settings, current_home

HERE = Path(__file__).parent
home = current_home()
settings = Settings.of(home)
portal = f"http://127.0.0.1:{settings.portal_port}"
lessons = f"http://127.0.0.1:{settings.lessons_port}"

c = get_config()

c.JupyterHub.bind_url = f"http://{settings.address}:{settings.port}"
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.hub_port}"
c.JupyterHub.trusted_downstream_ips = ["127.0.0.1", "::1", *settings.reverse_proxies]  # so that people are told apart
c.JupyterHub.db_url = home.hub_url
c.JupyterHub.cookie_secret = bytes.fromhex(home.key("hub-cookie").decode())
c.JupyterHub.default_url = "/services/portal/"
c.JupyterHub.template_paths = [str(HERE / "templates")]
c.JupyterHub.jinja_environment_options = {"extensions": [HubLanguage]}
c.JupyterHub.cleanup_servers = False  # a restart of the hub is nobody's business but its own

c.JupyterHub.authenticator_class = StaffAuthenticator
c.StaffAuthenticator.records_url = settings.records_url or home.records_url
c.StaffAuthenticator.entry_key = home.entry_key.hex()
c.StaffAuthenticator.county = settings.county
c.JupyterHub.cookie_max_age_days = 7

c.JupyterHub.spawner_class = LabSpawner
c.LabSpawner.labs = str(home.labs)
c.LabSpawner.portal_url = portal
c.LabSpawner.default_url = "/lab"
c.LabSpawner.poll_interval = 5  # seconds until a server ends whose person may no longer have it
c.LabSpawner.http_timeout = 60
c.JupyterHub.active_server_limit = settings.lab_servers

c.ConfigurableHTTPProxy.should_start = False
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.proxy_api_port}"
c.ConfigurableHTTPProxy.auth_token = home.key("proxy").decode()
c.ConfigurableHTTPProxy.extra_routes = {"/verify/": portal}
c.JupyterHub.last_activity_interval = 5  # seconds; the same round gives a restarted proxy its routes back

c.JupyterHub.services = [
    {
        "name": name,
        "url": url,
        "api_token": home.key(name).decode(),
        "oauth_redirect_uri": f"/services/{name}/oauth_callback",
        "oauth_no_confirm": True,
        "timeout": 1,  # seconds the sign-in waits for a service that is still starting
    }
    for name, url in (("portal", portal), ("lessons", lessons))
]
LEARNER = "access:services!service=portal access:services!service=lessons read:users:name!user read:users:groups!user"
# What a person's JupyterLab may do in their name: be their server, and bring tasks from the portal and back.
c.Spawner.server_token_scopes = ["users:activity!user", "access:servers!server", "access:services!service=portal"]
c.JupyterHub.load_roles = [
    {"name": "user", "scopes": LEARNER.split()},
    {"name": ROLE, "scopes": ["servers!user", "access:servers!user", "users:activity!user"]},  # given at the hub's doors
]
