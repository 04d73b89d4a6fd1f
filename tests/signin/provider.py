"""An OpenID Connect provider on the loopback: discovery, keys, authorisation, tokens with a real signature."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "portal", "portal-secret"


class Provider:
    """Knows one person at a time: `claims` are put into the next token. `sign_with` replaces the key, `alter` the token."""

    def __init__(self):
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.sign_with, self.alter = self.key, lambda claims: claims
        self.claims = {"sub": "subject-1", "preferred_username": "wang"}
        self.challenges: dict[str, str] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                provider.answer(self, urlsplit(self.path).path, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, urlsplit(self.path).path, {name: values[0] for name, values in parse_qs(body).items()})

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler, path: str, form: dict[str, str]) -> None:
        status, body = 200, {}
        if path == "/.well-known/openid-configuration":
            body = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
        elif path == "/keys":
            body = {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key())) | {"kid": "k1", "alg": "RS256"}]}
        elif path == "/token":
            status, body = self.token(form)
        else:
            status = 404
        data = json.dumps(body).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    def authorize(self, address: str) -> str:
        """What the provider does when its person agrees: the address to come back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert (query["client_id"], query["response_type"], query["code_challenge_method"]) == (CLIENT_ID, "code", "S256")
        code = secrets.token_urlsafe(12)
        self.challenges[code] = query["code_challenge"]
        parts = urlsplit(query["redirect_uri"])
        return f"{parts.path}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form: dict[str, str]) -> tuple[int, dict]:
        challenge = self.challenges.pop(form.get("code", ""), None)
        made = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if challenge != made or form.get("client_secret") != CLIENT_SECRET:
            return 400, {"error": "invalid_grant"}
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": int(time.time()), "exp": int(time.time()) + 60} | self.claims
        algorithm = "HS256" if isinstance(self.sign_with, str) else "RS256"
        token = jwt.encode(self.alter(claims), self.sign_with, algorithm=algorithm, headers={"kid": "k1"})
        return 200, {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": token}
