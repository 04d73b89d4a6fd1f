"""Sign-in through an OpenID Connect provider. Other than allauth's own view it always checks the signature of the identity
token against the provider's published keys: on an intranet the way to the token address is not always TLS."""

from allauth.account.internal.decorators import login_not_required
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import Http404
from django.views.decorators.http import require_POST

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA"})


class SignedOpenIDConnectAdapter(OpenIDConnectOAuth2Adapter):
    """Takes an identity only from a token that the provider signed for us."""

    def complete_login(self, request, app, token, **keywords):
        if not keywords["response"].get("id_token"):
            raise OAuth2Error("the provider answered without an identity token")
        return super().complete_login(request, app, token, **keywords)

    def _decode_id_token(self, app, id_token: str) -> dict:
        jwtkit_header = jwtkit.jwt.get_unverified_header(id_token)
        if jwtkit_header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("the identity token is not signed with a public key")
        config = self.openid_config
        return jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=config["jwks_uri"],
            issuer=config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )


def _adapter(request) -> SignedOpenIDConnectAdapter:
    if not settings.OIDC_ISSUER:
        raise Http404
    return SignedOpenIDConnectAdapter(request, settings.OIDC_PROVIDER_ID)


@require_POST
@login_not_required
def start(request, provider_id: str = ""):
    """Go to the provider."""
    return _answer(OAuth2LoginView, request)


@login_not_required
def callback(request, provider_id: str = ""):
    """Come back from the provider."""
    return _answer(OAuth2CallbackView, request)


def _answer(view_class, request):
    try:
        return view_class.adapter_view(_adapter(request))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
